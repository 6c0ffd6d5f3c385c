package import Core

/// Seals secrets with AES-256-GCM before they are stored.
///
/// A sealed value is `version 1 | key id 8 | nonce 12 | ciphertext | tag 16`. Authenticated beside the text are
/// version, key id and the value's name: one that is moved under another name does not open. Nonces are random, so
/// a key is good for 2^32 values (NIST SP 800-38D, 8.3).
package struct Sealer: Sendable {
    private static let version: UInt8 = 1
    private static let headerCount = 9
    private static let nonceCount = 12
    private static let tagCount = 16

    /// The key that seals from now on.
    package let current: MasterKey
    /// The same, and behind it those that only open.
    package let keys: [MasterKey]

    /// - Parameter former: keys that only open, while values are sealed anew after a rotation.
    package init(_ current: MasterKey, former: [MasterKey] = []) {
        self.current = current
        keys = [current] + former
    }

    package func seal(_ clear: [UInt8], name: String) -> [UInt8] {
        let header = [Self.version] + current.idBytes
        let nonce = RandomBytes.make(Self.nonceCount)
        return header + nonce
            + AESGCM.seal(clear, key: current.bytes, nonce: nonce, associated: header + Array(name.utf8))
    }

    package func seal(_ secret: Secret, name: String) -> [UInt8] {
        seal(Array(secret.reveal().utf8), name: name)
    }

    /// Throws rather than give anything back that was not sealed under this name: `.notSealed`, `.unknownKey`
    /// or `.altered`.
    package func open(_ sealed: [UInt8], name: String) throws(CryptoError) -> [UInt8] {
        let id = try Self.keyID(of: sealed)
        guard let key = keys.first(where: { $0.idBytes == id }) else {
            throw CryptoError(
                .unknownKey(id: id.hex),
                "sealed with master key \(id.hex), which the key file does not hold: put back the one that does")
        }
        let box = sealed[Self.headerCount...]
        let clear = AESGCM.open(
            Array(box.dropFirst(Self.nonceCount)), key: key.bytes, nonce: Array(box.prefix(Self.nonceCount)),
            associated: Array(sealed.prefix(Self.headerCount)) + Array(name.utf8))
        guard let clear else {
            throw CryptoError(.altered, "the sealed value of \(name) was altered or belongs to another name")
        }
        return clear
    }

    package func openSecret(_ sealed: [UInt8], name: String) throws(CryptoError) -> Secret {
        guard let text = String(validating: try open(sealed, name: name), as: UTF8.self) else {
            throw CryptoError(.notSealed, "the sealed value of \(name) is not text")
        }
        return Secret(text)
    }

    /// Which key sealed the value, by its id.
    package static func key(of sealed: [UInt8]) throws(CryptoError) -> String { try keyID(of: sealed).hex }

    /// Whether the value was sealed with a former key and should be sealed anew.
    package func isOutdated(_ sealed: [UInt8]) throws(CryptoError) -> Bool {
        try Self.keyID(of: sealed) != current.idBytes
    }

    private static func keyID(of sealed: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard sealed.count >= headerCount + nonceCount + tagCount, sealed[0] == version else {
            throw CryptoError(.notSealed, "not a sealed value of version \(version)")
        }
        return Array(sealed[1..<headerCount])
    }
}
