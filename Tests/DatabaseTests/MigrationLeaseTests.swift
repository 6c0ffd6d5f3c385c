import Core
import Database
import Glibc
import SQL
import Synchronization
import TestSupport
import Testing

/// Programs that start together on one server bring its schema up to date once, whatever becomes of one of them.
@Suite struct MigrationLeaseTests {
    private static func series(_ last: Int, adding statement: String? = nil) -> MigrationSeries {
        MigrationSeries(
            name: "host",
            migrations: (1...last).map { version in
                Migration(
                    version, "step \(version)",
                    common: ["CREATE TABLE step_\(version) (id INTEGER PRIMARY KEY)"]
                        + (version == 2 ? [statement].compactMap(\.self) : []))
            })
    }

    @Test(arguments: TestDatabase.engines)
    func `six that start on an empty database, and six on an older one, make each step once`(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        for last in [5, 8] {
            try Concurrently.run(6) { _ in
                let database = try test.another()
                defer { database.close() }
                try database.migrate([Self.series(last)], program: 1)
            }
            #expect(try test.database.read { try $0.count("SELECT count(*) FROM migrations") } == last)
        }
    }

    @Test(.enabled(if: TestDatabase.engines.contains(.postgresql)))
    func `one whose connection breaks in the middle begins its step again, and all six arrive`() throws {
        let gate = try Gate()
        let starts = try Concurrently(6) { _ in
            let database = try gate.test.another()
            defer { database.close() }
            try database.migrate([Self.series(4, adding: Gate.statement)], program: 1)
        }
        let breaking = try gate.waitForStep()
        try gate.test.database.writeBatch { tx in try tx.run("SELECT pg_terminate_backend(\(breaking)::int)") }
        while try gate.waitForStep() == breaking {}
        try gate.open()
        try starts.finish()
        #expect(try gate.test.database.read { try $0.count("SELECT count(*) FROM migrations") } == 5)
        #expect(try gate.test.database.read { try $0.count("SELECT count(*) FROM gate") } == 1)
    }

    @Test(.enabled(if: TestDatabase.engines.contains(.postgresql)))
    func `one that is killed in the middle is followed by the next, who says whom it waits for`() async throws {
        let gate = try Gate()
        guard case .server(let address) = gate.test.location else { return }
        let (text, lastWord) = (address.reveal(), gate.test.folder.file("die"))
        let log = Log(clock: SystemClock()) { line in
            // Only when the next one has said whom it waits for is that one's end near.
            if String(decoding: line, as: UTF8.self).contains("waiting for another program"),
                String(decoding: line, as: UTF8.self).contains("(process ")
            {
                close(open(lastWord, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600))
            }
        }
        let next = try Database(gate.test.location, clock: SystemClock(), log: log)
        defer { next.close() }
        let start = try Concurrently(1) { _ in
            _ = try gate.waitForStep()
            try next.migrate([Self.series(4, adding: Gate.statement)], program: 1)
        }
        await #expect(processExitsWith: .signal(SIGKILL)) { [text = text as String, lastWord = lastWord as String] in
            var options = DatabaseOptions()
            // Long enough for a machine that has too much to do: the next one is to meet it alive.
            options.migrationLease = .seconds(12)
            let database = try Database(
                DatabaseLocation(parsing: text), clock: SystemClock(), log: TestDatabase.quiet, options: options)
            let start = try Concurrently(1) { _ in
                try database.migrate([Self.series(4, adding: Gate.statement)], program: 1)
            }
            while access(lastWord, F_OK) != 0 { sched_yield() }
            kill(getpid(), SIGKILL)
            try start.finish()
        }
        try gate.open()
        try start.finish()
        #expect(try gate.test.database.read { try $0.count("SELECT count(*) FROM migrations") } == 5)
        #expect(try gate.test.database.read { try $0.count("SELECT count(*) FROM gate") } == 1)
    }
}

/// A table that a migration cannot write to before the test lets it.
private final class Gate: Sendable {
    static let statement = "INSERT INTO gate (id) VALUES (1)"

    let test: TestDatabase
    private let isOpen = Monitor(false)
    private let holder: Concurrently

    init() throws {
        let table = Migration(1, "gate", common: ["CREATE TABLE gate (id INTEGER PRIMARY KEY)"])
        let test = try TestDatabase(.postgresql, migrating: [MigrationSeries(name: "gate", migrations: [table])])
        self.test = test
        let isHeld = Monitor(false)
        holder = try Concurrently(1) { [isOpen] _ in
            try test.database.writeBatch { tx in
                try tx.run("LOCK TABLE gate IN EXCLUSIVE MODE")
                isHeld.withLock { $0 = true }
                isHeld.wakeAll()
                // A transaction in which nothing happens is ended by the server after some seconds.
                while isOpen.wait(atMost: .seconds(1), for: { $0 ? () : nil }) == nil { _ = try tx.count("SELECT 1") }
            }
        }
        isHeld.wait { $0 ? () : nil }
    }

    /// The server's process that waits before the gate.
    static func backend(in database: Database) throws -> Int? {
        try database.read { tx in
            try tx.first(
                """
                SELECT pid FROM pg_stat_activity
                WHERE wait_event_type = 'Lock' AND query LIKE \(Gate.statement + "%")
                """)?.int(0)
        }
    }

    func waitForStep() throws -> Int {
        while true {
            if let pid = try Self.backend(in: test.database) { return pid }
            sched_yield()
        }
    }

    func open() throws {
        isOpen.withLock { $0 = true }
        isOpen.wakeAll()
        try holder.finish()
    }
}
