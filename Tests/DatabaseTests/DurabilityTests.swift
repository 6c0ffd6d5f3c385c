import Core
import Database
import FoundationEssentials
import Glibc
import SQL
import Synchronization
import TestSupport
import Testing

/// What survives a killed process, and how large the log may grow.
@Suite struct DurabilityTests {
    @Test func `a killed process loses nothing that it was told is kept`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let database = try Database(
                .file(path + "/cartwright.db"), clock: SystemClock(), log: Log(clock: SystemClock(), write: { _ in }))
            try database.migrate([Counters.series], program: 1)
            let told = open(path + "/told", O_WRONLY | O_CREAT | O_APPEND, 0o600)
            let count = Mutex(0)
            try Concurrently.run(4) { thread in
                for round in 0... {
                    let id = thread * 1_000_000 + round + 10
                    // Two rows a closure: a killed half of one would show.
                    try database.write { transaction in
                        try transaction.run("INSERT INTO counters (id, value) VALUES (\(id), 1)")
                        try transaction.run("UPDATE counters SET value = value + 1 WHERE id = 1")
                    }
                    let line = "\(id)\n"
                    _ = line.withCString { write(told, $0, strlen($0)) }
                    let total = count.withLock { count in
                        count += 1
                        return count
                    }
                    if total == 500 { kill(getpid(), SIGKILL) }
                }
            }
        }
        let database = try Database(.file(path + "/cartwright.db"), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        let told = try String(contentsOfFile: path + "/told", encoding: .utf8).split(separator: "\n").map { Int($0) }
        #expect(told.count >= 500)
        let kept = Set(try database.read { try $0.rows("SELECT id FROM counters") }.map { try $0.int(0) })
        for id in told { #expect(id.map(kept.contains) == true) }
        #expect(try Counters.value(in: database) == kept.count - 1)
        #expect(try database.read { try $0.first("PRAGMA integrity_check")?.text(0) } == "ok")
    }

    @Test func `the log stays small under steady writes beside steady readers`() throws {
        var options = DatabaseOptions()
        options.logPages = 400
        let test = try TestDatabase(.sqlite, options: options, migrating: [Counters.series])
        let database = test.database
        let log = test.folder.path + "/cartwright.db-wal"
        let isDone = Mutex(false)
        let largest = Mutex(0)
        // Each read lasts until the other thread has begun its next one: at every moment somebody needs the log.
        let begun = Monitor((0, 0))
        let readers = try Concurrently(2) { thread in
            while !isDone.withLock({ $0 }) {
                try database.read { transaction in
                    _ = try Counters.value(in: transaction)
                    let seen = begun.withLock { begun in
                        if thread == 0 { begun.0 += 1 } else { begun.1 += 1 }
                        return begun
                    }
                    begun.wakeAll()
                    begun.wait { begun in
                        let others = thread == 0 ? (begun.1, seen.1) : (begun.0, seen.0)
                        return others.0 > others.1 || isDone.withLock { $0 } ? () : nil
                    }
                }
            }
        }
        let writers = try Concurrently(4) { thread in
            for round in 0..<150 {
                // Another content each time, or SQLite finds nothing to write.
                let page = [UInt8](repeating: UInt8(round), count: 40_000)
                try database.write { transaction in
                    try transaction.run(
                        """
                        INSERT INTO counters (id, value, note) VALUES (\(2 + thread), 0, \(page))
                        ON CONFLICT (id) DO UPDATE SET note = excluded.note
                        """)
                }
                let size = try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int ?? 0
                largest.withLock { $0 = max($0, size) }
            }
        }
        try writers.finish()
        isDone.withLock { $0 = true }
        begun.wakeAll()
        try readers.finish()
        // 600 writes of ten pages are 25 MB of log; 400 pages are 1.6 MB.
        #expect(largest.withLock { $0 } < 6_000_000)
    }

    @Test func `a closed database leaves one file`() throws {
        let test = try TestDatabase(.sqlite, migrating: [Counters.series])
        try Counters.add(1, in: test.database)
        try test.database.read { _ = try $0.rows("SELECT 1") }
        test.database.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: test.folder.path) == ["cartwright.db"])
    }

    @Test func `a database that is closed under a reader leaves one file`() throws {
        let test = try TestDatabase(.sqlite, migrating: [Counters.series])
        try Counters.add(1, in: test.database)
        let isReading = Monitor(false)
        let reader = try Concurrently(1) { _ in
            let counted = try test.database.read { tx in
                isReading.withLock { $0 = true }
                isReading.wakeAll()
                // Long enough for everything else to be closed meanwhile.
                return try tx.count(
                    """
                    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 2000000)
                    SELECT count(*) FROM numbers
                    """)
            }
            #expect(counted == 2_000_000)
        }
        isReading.wait { $0 ? () : nil }
        test.database.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: test.folder.path) == ["cartwright.db"])
        try reader.finish()
    }

    @Test func `programs that start together on an empty folder all open the file`() throws {
        for _ in 0..<10 {
            let folder = try TemporaryFolder()
            try Concurrently.run(4) { _ in
                let database = try Database(
                    .file(folder.path + "/cartwright.db"), clock: SystemClock(), log: TestDatabase.quiet)
                defer { database.close() }
                try database.migrate([Counters.series], program: 1)
                try Counters.add(1, in: database)
            }
            let database = try Database(
                .file(folder.path + "/cartwright.db"), clock: SystemClock(), log: TestDatabase.quiet)
            defer { database.close() }
            #expect(try Counters.value(in: database) == 4)
        }
    }

    @Test func `the file is for its owner alone`() throws {
        let test = try TestDatabase(.sqlite, migrating: [Counters.series])
        for name in ["cartwright.db", "cartwright.db-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: test.folder.path + "/" + name)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `what is no database is said to be none`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/cartwright.db"
        #expect(
            FileManager.default.createFile(atPath: path, contents: Data(String(repeating: "text ", count: 999).utf8)))
        let error = #expect(throws: DatabaseError.self) {
            try Database(.file(path), clock: SystemClock(), log: TestDatabase.quiet)
        }
        #expect(error?.kind == .corrupt)
    }

    @Test func `a second server on one folder is refused by the name of the first`() throws {
        let folder = try TemporaryFolder()
        do {
            let first = try DataFolderLock(folder: folder.path, role: "serve")
            let error = #expect(throws: DatabaseError.self) { try DataFolderLock(folder: folder.path, role: "worker") }
            #expect(error?.message.contains("serve (process \(getpid()))") == true)
            withExtendedLifetime(first) {}
        }
        _ = try DataFolderLock(folder: folder.path, role: "worker")
    }
}
