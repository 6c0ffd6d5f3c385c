package import Core
package import SQL

/// One backup as it went, whoever asked for it.
package struct BackupRun: Sendable, Equatable {
    package var id: ID
    /// The file's whole path, on `node`.
    package var file: String
    /// The machine that it was written on.
    package var node: String
    /// `schedule`, an admin's e-mail, or `command line`.
    package var actor: String
    package var startedAt: Timestamp
    package var duration: Timestamp.Span
    /// Of the file; 0 when it failed.
    package var bytes: Int
    package var rows: Int
    package var hasKey: Bool
    /// Why there is no file; nil when it went well.
    package var error: String?

    package init(
        id: ID, file: String, node: String, actor: String, startedAt: Timestamp, duration: Timestamp.Span,
        bytes: Int = 0, rows: Int = 0, hasKey: Bool = false, error: String? = nil
    ) {
        self.id = id
        self.file = file
        self.node = node
        self.actor = actor
        self.startedAt = startedAt
        self.duration = duration
        self.bytes = bytes
        self.rows = rows
        self.hasKey = hasKey
        self.error = error
    }

    package var finishedAt: Timestamp { startedAt + duration }
}

/// The newest backups. A row is written when one has ended, well or ill: of one that was cut off nothing is left.
package enum BackupsTable {
    private static let kept = 200
    private static let columns: Query = """
        id, file, node, actor, started_at, milliseconds, bytes, row_count, has_key, error
        """

    /// Also forgets the oldest. The last one that went well stays, however many have failed since.
    package static func add(_ run: BackupRun, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO backups (\(columns))
            VALUES (\(run.id), \(run.file), \(run.node), \(run.actor), \(run.startedAt), \(run.duration.milliseconds),
                \(run.bytes), \(run.rows), \(run.hasKey), \(run.error))
            """)
        try tx.run(
            """
            DELETE FROM backups
            WHERE id NOT IN (SELECT id FROM backups ORDER BY id DESC LIMIT \(kept))
                AND id NOT IN (SELECT id FROM backups WHERE error IS NULL ORDER BY id DESC LIMIT 1)
            """)
    }

    /// Forgets those of a machine whose files are no more.
    package static func remove(_ files: [String], on node: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM backups WHERE node = \(node) AND file IN \(.list(files))")
    }

    package static func find(_ id: ID, in tx: any ReadTransaction) throws -> BackupRun? {
        try tx.first("SELECT \(columns) FROM backups WHERE id = \(id)").map(run)
    }

    /// Newest first.
    package static func newest(_ limit: Int, in tx: any ReadTransaction) throws -> [BackupRun] {
        try tx.rows("SELECT \(columns) FROM backups ORDER BY id DESC LIMIT \(limit)").map(run)
    }

    package static func lastGood(in tx: any ReadTransaction) throws -> BackupRun? {
        try tx.first("SELECT \(columns) FROM backups WHERE error IS NULL ORDER BY id DESC LIMIT 1").map(run)
    }

    private static func run(_ row: Row) throws -> BackupRun {
        BackupRun(
            id: try row.id(0), file: try row.text(1), node: try row.text(2), actor: try row.text(3),
            startedAt: try row.time(4), duration: .milliseconds(try row.integer(5)), bytes: try row.int(6),
            rows: try row.int(7), hasKey: try row.flag(8), error: try row.textOrNil(9))
    }
}
