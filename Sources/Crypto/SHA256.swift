import CCrypto

/// A SHA-256 under way, for what comes in pieces; `SHA256.hash` for what is at hand.
package struct SHA256: ~Copyable {
    private let handle: OpaquePointer

    package init() {
        guard let handle = ccrypto_sha256_new() else { preconditionFailure("OpenSSL has no SHA-256") }
        self.handle = handle
    }

    deinit { ccrypto_sha256_free(handle) }

    package mutating func update(_ bytes: [UInt8]) {
        precondition(ccrypto_sha256_update(handle, bytes, bytes.count), "SHA-256 cannot fail")
    }

    /// The 32 bytes.
    package consuming func finish() -> [UInt8] {
        Array(unsafeUninitializedCapacity: 32) { digest, count in
            precondition(ccrypto_sha256_final(handle, digest.baseAddress), "SHA-256 cannot fail")
            count = 32
        }
    }

    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    package static func hash(_ text: String) -> [UInt8] { hash(Array(text.utf8)) }
}
