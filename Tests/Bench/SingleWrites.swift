import Core
import Database
import SQL
import Synchronization

/// Clients that each write a row, wait until it is durable, and write the next.
struct SingleWrites {
    let clients: Int
    let time: Timestamp.Span
    /// One client at a time, so that no two share a commit.
    let isApart: Bool

    /// - Returns: writes per second of all clients together.
    func run(on database: Database, clock: some Clock) throws -> Double {
        try database.migrate([Self.series], program: 1)
        let turn = Mutex(())
        let written = Atomic(0)
        let failure = Mutex<(any Error)?>(nil)
        let start = clock.sinceBoot()
        let threads = try (0..<clients).map { client in
            try Thread.start("client-\(client)") {
                do {
                    while clock.sinceBoot() - start < time {
                        if isApart {
                            try turn.withLock { _ in try write(to: database, clock) }
                        } else {
                            try write(to: database, clock)
                        }
                        written.add(1, ordering: .relaxed)
                    }
                } catch {
                    failure.withLock { $0 = $0 ?? error }
                }
            }
        }
        for thread in threads { thread.join() }
        if let error = failure.withLock({ $0 }) { throw error }
        let elapsed = clock.sinceBoot() - start
        let rows = try database.read { try $0.count("SELECT count(*) FROM bench_rows") }
        let count = written.load(ordering: .relaxed)
        guard rows == count else { throw Lost(answered: count, found: rows) }
        return Double(count) * 1000 / Double(elapsed.milliseconds)
    }

    private func write(to database: Database, _ clock: some Clock) throws {
        let id = ID.make(at: clock.now())
        try database.writeBatch { tx in
            try tx.run("INSERT INTO bench_rows (id, note) VALUES (\(id), \(Self.note))")
        }
    }

    private static let series = MigrationSeries(
        name: "bench",
        migrations: [
            Migration(1, "rows", common: ["CREATE TABLE bench_rows (id INTEGER PRIMARY KEY, note TEXT NOT NULL)"])
        ])
    private static let note = String(repeating: "What a row of the ledger holds. ", count: 8)

    struct Lost: Error, CustomStringConvertible {
        let answered: Int
        let found: Int

        var description: String { "\(answered) writes were answered, \(found) rows are there" }
    }
}
