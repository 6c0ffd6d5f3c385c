import Database
import SQL
import Store
import TestSupport
import Testing

@Suite struct `The list of sealed values` {
    /// Bytes that are no sealed values: hashes, digests, salts, bodies.
    private static let plain: Set<String> = [
        "sessions.csrf_secret", "idempotency.request_hash", "idempotency.body", "consents.phone_hash",
        "consents.bsuid_hash", "consents.wording_hash", "consents.page_hash", "consents.address_hash",
        "consents.agent_hash", "consents.reason_hash", "consents.digest", "consent_details.salt",
        "consent_seals.digest", "consent_seals.previous", "consent_seals.seal", "suppressions.person_hash",
        "deliveries.body", "delivery_hashes.body_hash",
    ]

    /// A place that is forgotten here would be sealed with a key that a rotation forgets.
    @Test func `names every column of bytes that is sealed`() throws {
        let place = try TestDatabase(.sqlite, migrating: [HostSchema.series])
        let tables = try place.database.read { tx in
            try tx.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL").map {
                (name: try $0.text(0), sql: try $0.text(1))
            }
        }
        var columns: Set<String> = []
        for table in tables where !table.name.contains("search") {
            for match in table.sql.matches(of: /(\w+) BLOB\b/) { columns.insert("\(table.name).\(match.1)") }
        }
        let sealed = Set(SealedValues.places.map(\.column))
        #expect(sealed.isSubset(of: columns))
        let unknown = columns.subtracting(sealed).subtracting(Self.plain).filter { !$0.hasSuffix("_hash") }
        #expect(unknown.isEmpty, "sealed or not? \(unknown.sorted())")
    }
}
