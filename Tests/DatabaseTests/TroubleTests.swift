import Core
import Database
import FoundationEssentials
import Glibc
import SQL
import Synchronization
import TestSupport
import Testing

/// A file or a disk that is not as it should be: said clearly, nothing lost that was committed, and over when its
/// cause is.
@Suite struct TroubleTests {
    private func trouble(_ body: () throws -> Void) -> DatabaseTrouble? {
        do {
            try body()
            return nil
        } catch {
            return (error as? DatabaseError)?.trouble
        }
    }

    /// A folder with a file of 300 counters over many pages, closed.
    private func file(in folder: TemporaryFolder) throws -> String {
        let path = folder.file("cartwright.db")
        let database = try Database(.file(path), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        try database.migrate([Counters.series, Self.others], program: 1)
        try database.write { tx in
            for id in 2..<300 {
                let page = [UInt8](repeating: UInt8(id & 0x7f), count: 1000)
                try tx.run("INSERT INTO counters (id, value, note) VALUES (\(id), 1, \(page))")
            }
            try tx.run("INSERT INTO others (id) VALUES (1)")
        }
        return path
    }

    private static let others = MigrationSeries(
        name: "others", migrations: [Migration(1, "others", common: ["CREATE TABLE others (id INTEGER PRIMARY KEY)"])])

    private func change(_ path: String, _ body: (inout [UInt8]) -> Void) throws {
        var bytes = Array(try Data(contentsOf: URL(filePath: path)))
        body(&bytes)
        try Data(bytes).write(to: URL(filePath: path))
    }

    @Test func `a lock that another program holds is waited for, then told, and is over with it`() throws {
        let test = try TestDatabase(.sqlite, migrating: [Counters.series])
        let gate = test.folder.file("gate")
        #expect(mkfifo(gate, 0o600) == 0)
        let path = test.folder.file("cartwright.db")
        let other = try ChildProcess(
            "/usr/bin/sqlite3", [path, "BEGIN IMMEDIATE", ".shell echo held; cat \(gate)"],
            environment: Cartwright.environment, errors: test.folder.file("errors"))
        #expect(try other.nextLine() == "held")
        #expect(trouble { try Counters.add(1, in: test.database) } == .busy)
        // Who comes next does not wait as long as the first.
        let start = SystemClock().sinceBoot()
        #expect(trouble { try Counters.add(1, in: test.database) } == .busy)
        #expect(SystemClock().sinceBoot() - start < .seconds(3))
        #expect(try Counters.value(in: test.database) == 0)
        close(open(gate, O_WRONLY))
        #expect(try other.ending() == .exited(0))
        try Counters.add(1, in: test.database)
        #expect(try Counters.value(in: test.database) == 1)
    }

    @Test func `a full file says what to do, is read on, and takes changes again when there is room`() throws {
        var options = DatabaseOptions()
        options.pageLimit = 40
        let test = try TestDatabase(.sqlite, options: options, migrating: [Counters.series])
        let heard = Mutex<[DatabaseTrouble?]>([])
        test.database.onTrouble { error in heard.withLock { $0.append(error.trouble) } }
        var kept = 1
        let error = #expect(throws: DatabaseError.self) {
            while true {
                let id = kept + 1
                try test.database.write { tx in
                    try tx.run(
                        "INSERT INTO counters (id, value, note) VALUES (\(id), 1, \([UInt8](repeating: 7, count: 9000)))"
                    )
                }
                kept = id
            }
        }
        #expect(error?.kind == .unavailable && error?.trouble == .full)
        #expect(error.map { "\($0)".contains("make room on the disk") } == true)
        #expect(heard.withLock { $0 } == [.full])
        #expect(try test.database.read { try $0.count("SELECT count(*) FROM counters") } == kept)
        #expect(throws: DatabaseError.self) {
            try test.database.write { tx in
                try tx.run(
                    "INSERT INTO counters (id, value, note) VALUES (999, 1, \([UInt8](repeating: 7, count: 9000)))")
            }
        }
        try test.database.write { tx in try tx.run("DELETE FROM counters WHERE id = 2") }
        try Counters.add(1, in: test.database)
        #expect(try test.database.read { try $0.count("SELECT count(*) FROM counters") } == kept - 1)
    }

    @Test func `files that may grow no further are a full disk, and no reason to die`() async throws {
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            let test = try TestDatabase(.sqlite, migrating: [Counters.series])
            var limit = rlimit(rlim_cur: 400_000, rlim_max: .max)
            #expect(setrlimit(__rlimit_resource_t(1), &limit) == 0)
            var kept = 0
            do {
                while kept < 10_000 {
                    try Counters.add(1, in: test.database)
                    kept += 1
                }
            } catch let error as DatabaseError {
                guard error.kind == .unavailable, error.trouble == .full else { exit(2) }
            }
            guard kept > 0, kept < 10_000, try Counters.value(in: test.database) == kept else { exit(3) }
            limit.rlim_cur = .max
            guard setrlimit(__rlimit_resource_t(1), &limit) == 0 else { exit(4) }
            try Counters.add(1, in: test.database)
            guard try Counters.value(in: test.database) == kept + 1 else { exit(5) }
            exit(EXIT_SUCCESS)
        }
    }

    @Test func `a damaged page costs what needs it, and nothing else`() throws {
        let folder = try TemporaryFolder()
        let path = try file(in: folder)
        // The last pages are the latest counters'.
        try change(path) { bytes in
            for place in (bytes.count - 5 * 4096)..<bytes.count { bytes[place] = 0xee }
        }
        let database = try Database(.file(path), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        let heard = Mutex<[DatabaseTrouble?]>([])
        database.onTrouble { error in heard.withLock { $0.append(error.trouble) } }
        let error = #expect(throws: DatabaseError.self) {
            try database.read { _ = try $0.rows("SELECT id, note FROM counters") }
        }
        #expect(error?.kind == .corrupt && error?.trouble == .damaged)
        #expect(error.map { "\($0)".contains("restore the latest backup") } == true)
        #expect(try Counters.value(in: database) == 0)
        try database.write { tx in try tx.run("INSERT INTO others (id) VALUES (2)") }
        #expect(throws: DatabaseError.self) {
            try database.write { tx in try tx.run("UPDATE counters SET value = value + 1") }
        }
        #expect(try database.read { try $0.count("SELECT count(*) FROM others") } == 2)
        #expect(heard.withLock { $0 } == [.damaged, .damaged])
    }

    @Test(arguments: ["the header overwritten", "cut in the middle of its pages", "cut within the header"])
    func `a file that is broken as a whole stops the start with one line`(_ what: String) throws {
        let folder = try TemporaryFolder()
        let path = try file(in: folder)
        try change(path) { bytes in
            switch what {
            case "the header overwritten": for place in 0..<100 { bytes[place] = 0x20 }
            case "cut in the middle of its pages": bytes.removeLast(bytes.count / 2)
            default: bytes.removeLast(bytes.count - 60)
            }
        }
        let error = #expect(throws: DatabaseError.self) {
            try Database(.file(path), clock: SystemClock(), log: TestDatabase.quiet)
        }
        #expect(error?.kind == .corrupt && error?.trouble == .damaged)
        #expect(error?.message.hasPrefix("\(path): ") == true)
    }

    @Test func `a log that was cut short loses its end and nothing before it`() throws {
        let test = try TestDatabase(.sqlite, migrating: [Counters.series])
        try test.database.checkpoint()
        for id in 2..<40 {
            try test.database.write { tx in try tx.run("INSERT INTO counters (id, value) VALUES (\(id), 1)") }
        }
        let copy = try TemporaryFolder()
        for (name, bytes) in try test.folder.files() where !name.hasSuffix("-shm") {
            try copy.write(name, name.hasSuffix("-wal") ? Array(bytes.prefix(bytes.count / 2 + 77)) : bytes)
        }
        let database = try Database(.file(copy.file("cartwright.db")), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        let kept = try database.read { try $0.rows("SELECT id FROM counters ORDER BY id") }.map { try $0.int(0) }
        #expect(kept == Array(1...kept.count))
        #expect(kept.count > 10 && kept.count < 39)
        #expect(try database.inspect(atMost: .seconds(20)).integrity == .sound)
        try Counters.add(1, in: database)
    }

    @Test func `a file that was moved away takes no changes until it is back`() throws {
        let test = try TestDatabase(.sqlite, migrating: [Counters.series])
        try Counters.add(1, in: test.database)
        let path = test.folder.file("cartwright.db")
        #expect(rename(path, path + ".away") == 0)
        #expect(trouble { try Counters.add(1, in: test.database) } == .gone)
        #expect(rename(path + ".away", path) == 0)
        try Counters.add(1, in: test.database)
        #expect(try Counters.value(in: test.database) == 2)
    }

    @Test func `a folder that is not there is named`() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: DatabaseError.self) {
            try Database(.file(folder.file("none/cartwright.db")), clock: SystemClock(), log: TestDatabase.quiet)
        }
        #expect(error?.trouble == .gone)
        #expect(error?.message.contains(folder.file("none/")) == true)
    }

    @Test(arguments: ["the file", "the folder"])
    func `what may not be written stops the start with its name`(_ what: String) async throws {
        let folder = try TemporaryFolder()
        let path = try file(in: folder)
        #expect(chmod(path, what == "the file" ? 0o444 : 0o666) == 0)
        #expect(chmod(folder.path, what == "the file" ? 0o777 : 0o555) == 0)
        defer { chmod(folder.path, 0o700) }
        await #expect(processExitsWith: .success) { [path = path as String] in
            // Rights mean nothing to root.
            if geteuid() == 0 { guard seteuid(65534) == 0 else { exit(2) } }
            do {
                _ = try Database(.file(path), clock: SystemClock(), log: TestDatabase.quiet)
                exit(3)
            } catch let error as DatabaseError {
                guard error.trouble == .readOnly, "\(error)".contains(path) else {
                    print(error)
                    exit(4)
                }
            }
            exit(EXIT_SUCCESS)
        }
    }

    @Test func `a reader that takes its time holds up no writer, and the log is small again after it`() throws {
        var options = DatabaseOptions()
        options.logPages = 100
        let test = try TestDatabase(.sqlite, options: options, migrating: [Counters.series])
        let database = test.database
        let log = test.folder.file("cartwright.db-wal")
        func size() throws -> Int {
            try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int ?? 0
        }
        let written = Monitor(false)
        let isReading = Monitor(false)
        let reader = try Concurrently(1) { _ in
            let seen = try database.read { tx in
                let before = try Counters.value(in: tx)
                isReading.withLock { $0 = true }
                isReading.wakeAll()
                written.wait { $0 ? () : nil }
                return (before, try Counters.value(in: tx))
            }
            #expect(seen == (0, 0))
        }
        isReading.wait { $0 ? () : nil }
        try Concurrently.run(4) { _ in
            for _ in 0..<250 { try Counters.add(1, in: database) }
        }
        let largest = try size()
        written.withLock { $0 = true }
        written.wakeAll()
        try reader.finish()
        #expect(try Counters.value(in: database) == 1000)
        #expect(largest > 100 * 4096)
        // The next time that the log starts anew it gives its room back.
        var rounds = 0
        while try size() > 2 * 100 * 4096, rounds < 5000 {
            try Counters.add(1, in: database)
            rounds += 1
        }
        #expect(try size() <= 2 * 100 * 4096)
    }
}
