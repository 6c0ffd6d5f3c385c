import Database
import SQL

/// What a database holds that somebody would miss, counted.
struct Holdings: Sendable, Equatable, CustomStringConvertible {
    /// By table: what one row is called.
    private static let tables = [
        ("users", "account"), ("contacts", "contact"), ("consents", "consent"), ("orders", "order"),
        ("messages", "message"), ("deliveries", "delivery"),
    ]

    private var counts: [(count: Int, word: String)] = []

    init(of database: Database) throws {
        let known = try Set(database.tables().map(\.name))
        counts = try database.read { tx in
            try Self.tables.filter { known.contains($0.0) }.map { table, word in
                (try tx.count(Query(stringLiteral: "SELECT count(*) FROM \(table)")), word)
            }
        }
    }

    var isEmpty: Bool { counts.allSatisfy { $0.count == 0 } }

    /// `1 account, 120 contacts, 2 deliveries`.
    var description: String {
        counts.filter { $0.count > 0 }.map { count, word in
            let many = word.hasSuffix("y") ? word.dropLast() + "ies" : word + "s"
            return "\(count) \(count == 1 ? word : String(many))"
        }.joined(separator: ", ")
    }

    static func == (a: Holdings, b: Holdings) -> Bool { a.description == b.description }
}
