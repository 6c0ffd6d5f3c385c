import CCrypto
package import Core

/// HMAC-SHA256 with one key, in the forms that webhooks carry it.
///
/// Check before decoding, over the bytes as they came; what is compared are the codes' raw bytes, in constant time.
package struct Signature: Sendable, CustomStringConvertible, CustomReflectable {
    private let key: [UInt8]

    package init(key: [UInt8]) { self.key = key }
    package init(key: Secret) { self.key = Array(key.reveal().utf8) }

    /// The 32 bytes.
    package func code(for bytes: [UInt8]) -> [UInt8] {
        Array(unsafeUninitializedCapacity: 32) { code, count in
            precondition(
                ccrypto_hmac_sha256(key, key.count, bytes, bytes.count, code.baseAddress), "HMAC cannot fail")
            count = 32
        }
    }

    package func code(for text: String) -> [UInt8] { code(for: Array(text.utf8)) }

    package func isValid(_ code: [UInt8], for bytes: [UInt8]) -> Bool {
        ConstantTime.equal(code, self.code(for: bytes))
    }

    /// False also for what is not hexadecimal.
    package func isValid(hex: String, for bytes: [UInt8]) -> Bool {
        [UInt8](hex: hex).map { isValid($0, for: bytes) } ?? false
    }

    /// `sha256=` and hexadecimal digits, as Meta signs.
    package func isValid(prefixedHex header: String, for bytes: [UInt8]) -> Bool {
        let prefix = "sha256="
        return header.hasPrefix(prefix) && isValid(hex: String(header.dropFirst(prefix.count)), for: bytes)
    }

    /// False also for what is not Base64 with its padding.
    package func isValid(base64: String, for bytes: [UInt8]) -> Bool {
        [UInt8](base64: base64).map { isValid($0, for: bytes) } ?? false
    }

    package var description: String { "(signature key)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
