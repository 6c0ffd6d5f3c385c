import Database
package import SQL

/// How far a table has been copied.
package struct CopyNote: Sendable, Equatable {
    package enum Stage: String, Sendable {
        /// Its rows are being added.
        case rows
        /// References between its rows are being added.
        case links
        case copied
    }

    package var stage = Stage.rows
    /// The key of the last row that the stage has done, as a line (`PortableRow`); nil at its beginning.
    package var key: String?
    /// Steps done; it only ever rises, so that two who copy at once notice each other.
    package var steps = 0

    package init() {}

    package mutating func done(upTo key: String) {
        self.key = key
        steps += 1
    }

    package mutating func enter(_ stage: Stage) {
        self.stage = stage
        key = nil
        steps += 1
    }
}

/// The notes that a database holds while everything of another installation is copied into it. As long as they are
/// there it is not whole, and nobody may serve it (`Database.refuseUnfinishedCopy`).
package enum CopyNotesTable {
    /// The row that is about no table; its `last_key` says which installation is being copied.
    private static let origin = ""
    private static let begun = "begun"
    private static let table = Query(stringLiteral: Database.copyNotes)

    package static func make(for installation: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            CREATE TABLE \(table) (
                name TEXT PRIMARY KEY, stage TEXT NOT NULL, last_key TEXT, steps BIGINT NOT NULL)
            """)
        try put(origin, stage: begun, key: installation, steps: 0, in: tx)
    }

    /// The installation that is being copied.
    package static func installation(in tx: any ReadTransaction) throws -> String? {
        try tx.first("SELECT last_key FROM \(table) WHERE name = \(origin)")?.textOrNil(0)
    }

    package static func all(in tx: any ReadTransaction) throws -> [String: CopyNote] {
        var notes: [String: CopyNote] = [:]
        for row in try tx.rows("SELECT name, stage, last_key, steps FROM \(table) WHERE name <> \(origin)") {
            var note = CopyNote()
            guard let stage = CopyNote.Stage(rawValue: try row.text(1)) else { continue }
            note.stage = stage
            note.key = try row.textOrNil(2)
            note.steps = try row.int(3)
            notes[try row.text(0)] = note
        }
        return notes
    }

    /// Notes a step.
    /// - Parameter former: what was noted before; nil for nothing.
    /// - Returns: false when something else is noted now: another process copies into this database.
    package static func advance(
        _ name: String, from former: CopyNote?, to note: CopyNote, in tx: any WriteTransaction
    ) throws -> Bool {
        guard let former else {
            return try put(name, stage: note.stage.rawValue, key: note.key, steps: note.steps, in: tx) == 1
        }
        return try tx.run(
            """
            UPDATE \(table) SET stage = \(note.stage.rawValue), last_key = \(note.key), steps = \(note.steps)
            WHERE name = \(name) AND steps = \(former.steps)
            """) == 1
    }

    /// The copy is whole.
    package static func drop(in tx: any WriteTransaction) throws { try tx.run("DROP TABLE \(table)") }

    @discardableResult
    private static func put(
        _ name: String, stage: String, key: String?, steps: Int, in tx: any WriteTransaction
    ) throws -> Int {
        try tx.run(
            """
            INSERT INTO \(table) (name, stage, last_key, steps) VALUES (\(name), \(stage), \(key), \(steps))
            ON CONFLICT (name) DO NOTHING
            """)
    }
}
