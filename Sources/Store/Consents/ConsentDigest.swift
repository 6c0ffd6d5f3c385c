import Core
import Crypto

/// The cryptography of consents: what a row's digest covers, and how seals chain.
enum ConsentDigest {
    static func digest(of record: ConsentRecord, keys: HostKeys) -> [UInt8] {
        keys.consent.code(for: framed("consent", record.fields))
    }

    static func seal(
        seq: Int64, consentID: ID, digest: [UInt8], previous: [UInt8], keys: HostKeys
    ) -> [UInt8] {
        let place = [Array(String(seq).utf8), Array(consentID.description.utf8)]
        return keys.consent.code(for: framed("seal", place + [digest, previous]))
    }

    static func hash(of detail: String, salt: [UInt8]) -> [UInt8] { SHA256.hash(salt + Array(detail.utf8)) }

    /// Each field after its length in four bytes, so that no two lists of fields read alike; an absent field has the
    /// length that no field can have.
    private static func framed(_ use: StaticString, _ fields: [[UInt8]?]) -> [UInt8] {
        var bytes = Array("cartwright \(use) 1\n".utf8)
        for field in fields {
            let length = field.map { UInt32($0.count) } ?? .max
            for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
            bytes += field ?? []
        }
        return bytes
    }
}
