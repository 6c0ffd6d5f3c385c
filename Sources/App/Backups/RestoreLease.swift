import Core
import Database
import SQL
import Synchronization

/// The right to restore into a PostgreSQL database, held by one process at a time: a row in the schema where the new
/// tables are made, by the database's clock, renewed while the work goes on.
///
///     free ──▶ held ──renewed──▶ held ──▶ ended: the schema goes, and the row with it
///                └─ killed: it ends by itself, and the next one waits that long
final class RestoreLease: Sendable {
    private static let span = Timestamp.Span.seconds(3)
    /// Of this name there is no other table.
    static let table = "restore_lease"

    private let database: Database
    /// Quoted.
    private let schema: String
    private let token = String(UInt64.random(in: .min ... .max), radix: 16)
    private let renewal = Mutex<Renewal?>(nil)

    private enum Standing: Sendable {
        case taken
        case held(by: String, until: Int64)
    }

    /// - Parameter schema: quoted; made where it is missing.
    /// - Throws: `BackupError` when another process is restoring.
    init(of schema: String, in database: Database) throws {
        self.database = database
        self.schema = schema
        try claim()
        // Who lost it is told before anything is replaced.
        let renewal = try Renewal("restore-lease", every: .milliseconds(Self.span.milliseconds / 4)) { [self] in
            try renew()
        }
        self.renewal.withLock { $0 = renewal }
    }

    /// Waits for one that was killed: its row is not renewed any more.
    private func claim() throws {
        var former: Int64?
        while case .held(let holder, let until) = try attempt() {
            if let former, until != former {
                throw BackupError("\(holder) is restoring into this database: wait until that is done")
            }
            former = until
            _ = Monitor(()).wait(atMost: .milliseconds(100)) { _ in Void?.none }
        }
    }

    private func attempt() throws -> Standing {
        let (row, now) = (row, database.engine.now)
        return try database.load { [schema, token] tx in
            try tx.run(Query(stringLiteral: "CREATE SCHEMA IF NOT EXISTS \(schema)"))
            try Self.makeTable(in: schema, tx)
            if let other = try tx.first(
                "SELECT holder, held_until FROM \(row) WHERE token <> \(token) AND held_until > \(now)")
            {
                return .held(by: try other.text(0), until: try other.integer(1))
            }
            // Two that come at once meet at the key: one of them runs again, and finds the other.
            try tx.run("DELETE FROM \(row)")
            try Self.enter(token, in: row, now, tx)
            return .taken
        }
    }

    private func renew() throws {
        let (row, now) = (row, database.engine.now)
        try database.load { [token] tx in
            try tx.run("UPDATE \(row) SET held_until = \(now) + \(Self.span.milliseconds) WHERE token = \(token)")
        }
    }

    /// Throws unless this process holds the lease still; nobody else takes it before the transaction ends.
    ///
    /// The whole table is locked: a renewal that held a part of it would be in the way of dropping it.
    func prove(in tx: any WriteTransaction) throws {
        try tx.run("LOCK TABLE \(row)")
        guard try tx.count("SELECT count(*) FROM \(row) WHERE token = \(token)") > 0 else {
            throw BackupError("another restore into this database has begun: nothing was replaced")
        }
    }

    /// Leaves nothing in the schema but the lease.
    func clear() throws {
        let (row, now) = (row, database.engine.now)
        try database.load { [self] tx in
            try prove(in: tx)
            try tx.run(Query(stringLiteral: "DROP SCHEMA \(schema) CASCADE"))
            try tx.run(Query(stringLiteral: "CREATE SCHEMA \(schema)"))
            try Self.makeTable(in: schema, tx)
            try Self.enter(token, in: row, now, tx)
        }
    }

    /// Gives it back, and removes the schema where it is this process's still.
    func end() {
        renewal.withLock { $0.take() }?.end()
        _ = try? database.load { [self] tx in
            try prove(in: tx)
            try tx.run(Query(stringLiteral: "DROP SCHEMA \(schema) CASCADE"))
        }
        database.close()
    }

    private var row: Query { Query(stringLiteral: "\(schema).\(Self.table)") }

    private static func makeTable(in schema: String, _ tx: any WriteTransaction) throws {
        try tx.run(
            Query(
                stringLiteral: """
                    CREATE TABLE IF NOT EXISTS \(schema).\(table) (
                      id BIGINT PRIMARY KEY, holder TEXT NOT NULL, token TEXT NOT NULL, held_until BIGINT NOT NULL)
                    """))
    }

    private static func enter(_ token: String, in row: Query, _ now: Query, _ tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO \(row) (id, holder, token, held_until)
            VALUES (1, \(MachineName.withProcess), \(token), \(now) + \(span.milliseconds))
            """)
    }
}
