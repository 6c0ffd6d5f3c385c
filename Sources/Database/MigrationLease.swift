import Core
import SQL

/// The right to bring a schema up to date, held by one program at a time: a row, by the database's clock, renewed
/// while the work goes on.
///
/// It keeps others from waiting in the dark, no more: that each step is made once is seen to by the row of
/// `schema_info`, which every step takes for itself. A holder that is gone is followed when its lease ends.
struct MigrationLease: Sendable {
    let driver: any DatabaseDriver
    let span: Timestamp.Span
    let log: Log

    static let table: Query = """
        CREATE TABLE IF NOT EXISTS migration_lease (
          id BIGINT PRIMARY KEY, holder TEXT NOT NULL, token TEXT NOT NULL, held_until BIGINT NOT NULL)
        """

    private struct Holder: Equatable {
        var name: String
        var token: String
    }

    /// Runs `body` while no other program does, however long it has to wait for that.
    func hold(_ body: () throws -> Void) throws {
        let me = Holder(name: MachineName.withProcess, token: String(UInt64.random(in: .min ... .max), radix: 16))
        try acquire(me)
        // What fails here is told by the work itself, when the database is gone.
        let renewal = try Renewal("db-migration", every: .milliseconds(span.milliseconds / 3)) { _ = try take(me) }
        defer {
            renewal.end()
            release(me)
        }
        try body()
    }

    private func acquire(_ me: Holder) throws {
        var told: Holder?
        while try !take(me) {
            let other = try holder()
            if let other, other != told {
                log.info("waiting for another program to bring the schema up to date", ["holder": .text(other.name)])
                told = other
            }
            _ = Monitor(()).wait(atMost: .milliseconds(200)) { _ in Void?.none }
        }
    }

    /// Takes the lease when it is free or has ended, or renews it.
    private func take(_ me: Holder) throws -> Bool {
        let now = driver.engine.now
        return try driver.write(.readCommitted) { [span] tx in
            try tx.first(
                """
                INSERT INTO migration_lease (id, holder, token, held_until)
                VALUES (1, \(me.name), \(me.token), \(now) + \(span.milliseconds))
                ON CONFLICT (id) DO UPDATE
                SET holder = excluded.holder, token = excluded.token, held_until = excluded.held_until
                WHERE migration_lease.token = excluded.token OR migration_lease.held_until <= \(now)
                RETURNING id
                """) != nil
        }
    }

    private func holder() throws -> Holder? {
        try driver.read { tx in try tx.first("SELECT holder, token FROM migration_lease WHERE id = 1") }.map {
            Holder(name: try $0.text(0), token: try $0.text(1))
        }
    }

    /// One that cannot be given back ends by itself.
    private func release(_ me: Holder) {
        _ = try? driver.write(.readCommitted) { tx in
            try tx.run("UPDATE migration_lease SET held_until = 0 WHERE id = 1 AND token = \(me.token)")
        }
    }
}
