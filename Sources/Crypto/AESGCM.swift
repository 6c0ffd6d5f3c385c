import CCrypto

/// The bare cipher: ciphertext and tag as one run of bytes. Who uses it sees to nonces: see `Sealer`.
package enum AESGCM {
    private static let tagCount = 16

    package static func seal(_ clear: [UInt8], key: [UInt8], nonce: [UInt8], associated: [UInt8]) -> [UInt8] {
        precondition(key.count == 32 && nonce.count == 12, "AES-256-GCM takes a key of 32 bytes, a nonce of 12")
        return Array(unsafeUninitializedCapacity: clear.count + tagCount) { box, filled in
            let tag = box.baseAddress.map { $0 + clear.count }
            precondition(
                ccrypto_seal(
                    key, nonce, associated, associated.count, clear, clear.count, box.baseAddress, tag),
                "AES-256-GCM cannot fail below 2 GB")
            filled = clear.count + tagCount
        }
    }

    /// Nil when the box, the nonce or the associated data are not those that were sealed with this key.
    package static func open(_ box: [UInt8], key: [UInt8], nonce: [UInt8], associated: [UInt8]) -> [UInt8]? {
        precondition(key.count == 32 && nonce.count == 12, "AES-256-GCM takes a key of 32 bytes, a nonce of 12")
        let count = box.count - tagCount
        guard count >= 0 else { return nil }
        let tag = Array(box.suffix(tagCount))
        var isSound = false
        let clear = [UInt8](unsafeUninitializedCapacity: count) { clear, filled in
            isSound = ccrypto_open(
                key, nonce, associated, associated.count, box, count, tag, clear.baseAddress)
            filled = isSound ? count : 0
        }
        return isSound ? clear : nil
    }
}
