package import Core
package import Domain
package import SQL
import Text

/// Why each message went as it did, decision by decision, as data.
package enum TrailTable {
    package struct Entry: Sendable, Equatable {
        package var at: Timestamp
        package var note: TrailNote
    }

    package static func add(
        _ note: TrailNote, to message: ID, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO trail (id, message_id, at, kind, data)
            VALUES (\(ID.make(at: now)), \(message), \(now), \(note.kind), \(TextMap.write(note.data)))
            """)
    }

    /// The oldest first.
    package static func all(of message: ID, in tx: any ReadTransaction) throws -> [Entry] {
        try tx.rows("SELECT at, kind, data FROM trail WHERE message_id = \(message) ORDER BY id LIMIT 500").map { row in
            Entry(at: try row.time(0), note: TrailNote(try row.text(1), TextMap.read(try row.text(2))))
        }
    }
}
