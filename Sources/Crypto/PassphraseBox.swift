import CCrypto
package import Core

/// Bytes sealed by words that a person remembers, for a file that leaves the house.
///
/// One line says how the key is made of the passphrase, so that another release can open it with another cost:
/// `cartwright-sealed-1 argon2id m=65536,t=3,p=4 <salt> <nonce>`; below it stands the AES-256-GCM box. The line is
/// authenticated with it. Salt, nonce and box are Base64.
package enum PassphraseBox {
    private static let mark = "cartwright-sealed-1"
    private static let sizeLimit = 1 << 20

    /// How dear one guess is: RFC 9106's second choice, 64 MiB and three passes. Who has the file may guess for years.
    package struct Cost: Sendable, Equatable {
        var memoryKiB: UInt32
        var passes: UInt32
        var lanes: UInt32

        package static let standard = Cost(memoryKiB: 64 * 1024, passes: 3, lanes: 4)
        /// For tests alone: a guess costs nothing.
        package static let test = Cost(memoryKiB: 32, passes: 1, lanes: 4)

        /// A foreign file must not be able to take the machine's memory.
        fileprivate var isBearable: Bool {
            (8...(1 << 20)).contains(memoryKiB) && (1...64).contains(passes) && (1...16).contains(lanes)
        }
        fileprivate var text: String { "m=\(memoryKiB),t=\(passes),p=\(lanes)" }

        fileprivate init?(_ text: Substring) {
            let values = text.split(separator: ",", omittingEmptySubsequences: false)
            guard values.count == 3, values[0].hasPrefix("m="), values[1].hasPrefix("t="), values[2].hasPrefix("p="),
                let memory = UInt32(values[0].dropFirst(2)), let passes = UInt32(values[1].dropFirst(2)),
                let lanes = UInt32(values[2].dropFirst(2))
            else { return nil }
            self.init(memoryKiB: memory, passes: passes, lanes: lanes)
        }

        private init(memoryKiB: UInt32, passes: UInt32, lanes: UInt32) {
            self.memoryKiB = memoryKiB
            self.passes = passes
            self.lanes = lanes
        }
    }

    /// Takes 64 MiB while it runs.
    package static func seal(
        _ clear: [UInt8], passphrase: Secret, cost: Cost = .standard
    ) throws(CryptoError) -> [UInt8] {
        let salt = RandomBytes.make(16)
        let nonce = RandomBytes.make(12)
        let header = "\(mark) argon2id \(cost.text) \(salt.base64) \(nonce.base64)"
        let key = try key(passphrase, salt, cost)
        let box = AESGCM.seal(clear, key: key, nonce: nonce, associated: Array(header.utf8))
        return Array("\(header)\n\(box.base64)\n".utf8)
    }

    /// Throws `.notSealed` for what is no such file, `.altered` for another passphrase or altered bytes: the two cannot
    /// be told apart.
    package static func open(_ sealed: [UInt8], passphrase: Secret) throws(CryptoError) -> [UInt8] {
        let lines = sealed.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        guard sealed.count <= sizeLimit, lines.count == 2 else { throw notSealed }
        let parts = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == mark, parts[1] == "argon2id", let cost = Cost(parts[2]), cost.isBearable,
            let salt = [UInt8](base64: String(parts[3])), salt.count == 16,
            let nonce = [UInt8](base64: String(parts[4])), nonce.count == 12, let box = [UInt8](base64: lines[1])
        else { throw notSealed }
        let key = try key(passphrase, salt, cost)
        guard let clear = AESGCM.open(box, key: key, nonce: nonce, associated: Array(lines[0].utf8)) else {
            throw CryptoError(.altered, "the passphrase is not the one that it was sealed with")
        }
        return clear
    }

    private static var notSealed: CryptoError { CryptoError(.notSealed, "not a file sealed by a passphrase") }

    private static func key(_ passphrase: Secret, _ salt: [UInt8], _ cost: Cost) throws(CryptoError) -> [UInt8] {
        let words = Array(passphrase.reveal().utf8)
        var key = [UInt8](repeating: 0, count: 32)
        guard ccrypto_argon2id_key(cost.memoryKiB, cost.passes, cost.lanes, words, words.count, salt, &key) else {
            throw CryptoError(.exhausted, "no memory to make a key of the passphrase")
        }
        return key
    }
}
