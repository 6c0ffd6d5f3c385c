import CCrypto
package import Core

/// A password as it is stored: Argon2id in a PHC string (`$argon2id$v=19$m=19456,t=2,p=1$salt$hash`).
package struct PasswordHash: Sendable, CustomReflectable {
    /// How dear one guess is. One hash takes this memory while it runs; callers bound how many run at once.
    package struct Cost: Sendable, Equatable {
        package let memoryKiB: UInt32
        package let passes: UInt32
        package let lanes: UInt32

        /// 19 MiB, two passes: the OWASP password storage sheet's recommendation for Argon2id.
        package static let standard = Cost(memoryKiB: 19 * 1024, passes: 2, lanes: 1)
        /// For tests alone: a guess costs nothing.
        package static let test = Cost(memoryKiB: 8, passes: 1, lanes: 1)

        /// What is not worth a login: a stored hash must not be able to stop the server.
        fileprivate var isBearable: Bool { memoryKiB <= 1 << 20 && passes <= 64 && lanes <= 16 }
    }

    /// The PHC string, as stored.
    package let text: String
    package let cost: Cost

    /// Takes a stored hash: `.badPasswordHash` unless it is an Argon2id PHC string.
    package init(stored text: String) throws(CryptoError) {
        guard let cost = Self.cost(of: text), cost.isBearable else {
            throw CryptoError(.badPasswordHash, "the stored password hash is not Argon2id")
        }
        self.text = text
        self.cost = cost
    }

    package static func make(_ password: Secret, cost: Cost = .standard) throws(CryptoError) -> PasswordHash {
        let clear = Array(password.reveal().utf8)
        let salt = RandomBytes.make(16)
        var phc = [CChar](repeating: 0, count: 160)
        let done = ccrypto_argon2id(
            cost.memoryKiB, cost.passes, cost.lanes, clear, clear.count, salt, &phc, phc.count)
        guard done else { throw CryptoError(.exhausted, "no memory for a password hash") }
        return try PasswordHash(
            stored: String(decoding: phc.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    /// Takes as long as making the hash did.
    package func matches(_ password: Secret) throws(CryptoError) -> Bool {
        let clear = Array(password.reveal().utf8)
        switch ccrypto_argon2id_verify(text, clear, clear.count) {
        case 1: return true
        case 0: return false
        default: throw CryptoError(.badPasswordHash, "the stored password hash cannot be computed")
        }
    }

    /// Whether a sign-in should store the password anew, because `cost` has changed since.
    package func needsRenewal(for cost: Cost = .standard) -> Bool { self.cost != cost }

    /// Spends the time of a comparison where there is no hash to compare with, so that an unknown name answers
    /// no faster than a wrong password.
    package static func pretend(_ password: Secret, cost: Cost = .standard) throws(CryptoError) {
        _ = try make(password, cost: cost)
    }

    package var customMirror: Mirror { Mirror(self, children: [:]) }

    private static func cost(of text: String) -> Cost? {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19" else { return nil }
        let values = parts[3].split(separator: ",", omittingEmptySubsequences: false)
        func value(_ index: Int, _ name: String) -> UInt32? {
            values[index].hasPrefix(name) ? UInt32(values[index].dropFirst(name.count)) : nil
        }
        guard values.count == 3, let memory = value(0, "m="), let passes = value(1, "t="), let lanes = value(2, "p=")
        else { return nil }
        return Cost(memoryKiB: memory, passes: passes, lanes: lanes)
    }
}
