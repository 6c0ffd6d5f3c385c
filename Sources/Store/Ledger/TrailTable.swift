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

    /// A note, and the message it is of.
    package struct Line: Sendable {
        package var message: ID
        package var note: TrailNote

        package init(_ message: ID, _ note: TrailNote) {
            self.message = message
            self.note = note
        }
    }

    package static func add(
        _ note: TrailNote, to message: ID, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try add([Line(message, note)], at: now, in: tx)
    }

    /// Many notes, in their order, in as few statements as the engines' limits on values allow.
    package static func add(_ lines: [Line], at now: Timestamp, in tx: any WriteTransaction) throws {
        for start in stride(from: 0, to: lines.count, by: 500) {
            let values: [Query] = lines[start..<min(start + 500, lines.count)].map { line in
                """
                (\(ID.make(at: now)), \(line.message), \(now), \(line.note.kind), \(TextMap.write(line.note.data)))
                """
            }
            try tx.run("INSERT INTO trail (id, message_id, at, kind, data) VALUES \(Query.joined(values, ", "))")
        }
    }

    /// The oldest first.
    package static func all(of message: ID, in tx: any ReadTransaction) throws -> [Entry] {
        try tx.rows("SELECT at, kind, data FROM trail WHERE message_id = \(message) ORDER BY id LIMIT 500").map { row in
            Entry(at: try row.time(0), note: TrailNote(try row.text(1), TextMap.read(try row.text(2))))
        }
    }
}
