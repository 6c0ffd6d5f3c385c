import App
import Core
import Database
import Domain
import Glibc
import SQL
import Store
import TestSupport
import Testing

/// kill -9 in the middle of `backup` and of `restore`: what was there before is there afterwards, and the next try
/// succeeds.
@Suite(.serialized) struct `A backup or restore that is killed` {
    /// Kills of each command in one run; `make soak NAME=backups` asks for more.
    static let kills = getenv("CARTWRIGHT_TEST_BACKUP_KILLS").flatMap { Int(String(cString: $0)) } ?? 2
    private static let contacts = 2500

    private let folder: TemporaryFolder
    private var data: String { folder.file("data") }
    private var file: String { folder.file("backup.zip") }

    init() throws { folder = try TemporaryFolder() }

    private func arguments(_ words: [String], _ place: TestDatabase?) -> [String] {
        var all = words + ["--data", data]
        if case .server(let address)? = place?.location { all += ["--database", address.reveal()] }
        return all
    }

    /// Runs to its end.
    private func run(_ words: String..., on place: TestDatabase?) throws {
        let run = try Cartwright.run(arguments(words, place))
        guard run.status == 0 else { throw ProcessFailure("\(words): \(run.errors)") }
    }

    /// Kills the command after a while; false when it had ended by itself before.
    private func kill(_ words: String..., on place: TestDatabase?, after span: Timestamp.Span) throws -> Bool {
        let process = try ChildProcess(
            Cartwright.program, arguments(words, place), environment: Cartwright.environment,
            errors: folder.file("errors"))
        // Output comes at the end alone: until then this only lets the time pass.
        if (try? process.nextLine(within: span)) == nil { process.kill() }
        _ = try process.rest()
        return try process.ending() == .killed(signal: SIGKILL)
    }

    private func open<Result>(_ place: TestDatabase?, _ body: (Database) throws -> Result) throws -> Result {
        let location = place?.location ?? .file(data + "/cartwright.db")
        let database = try Database(location, clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        return try body(database)
    }

    private func contacts(_ place: TestDatabase?) throws -> TableDigest {
        try open(place) { database in
            let shape = try #require(try database.tables().first { $0.name == "contacts" })
            return try database.snapshot { tx in try TableDigest.of(shape, in: tx) }
        }
    }

    private func fill(_ place: TestDatabase?, from start: Int, count: Int) throws {
        let now = SystemClock().now()
        try open(place) { database in
            for batch in stride(from: start, to: start + count, by: 500) {
                try database.write { tx in
                    for number in batch..<min(batch + 500, start + count) {
                        _ = try ContactsTable.reach(
                            PersonKey(phone: nil, bsuid: "user-\(number)"), details: ContactDetails(firstName: "Ana"),
                            weight: .replaces, at: now, in: tx)
                    }
                }
            }
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `leaves archive, database and key as they were`(engine: Engine) throws {
        let place = engine == .postgresql ? try TestDatabase(.postgresql) : nil
        try run("settings", "set", "site.name", "Wool", on: place)
        mkdir(data + "/media", 0o700)
        try folder.write("data/media/picture.png", "old")
        try fill(place, from: 0, count: Self.contacts)
        let key = folder.text("data/master.key")
        let before = try contacts(place)

        let clock = SystemClock()
        let start = clock.sinceBoot()
        try run("backup", folder.file("whole.zip"), on: place)
        let length = clock.sinceBoot() - start
        for _ in 0..<Self.kills {
            let moment = Timestamp.Span.milliseconds(.random(in: 1...max(2, length.milliseconds)))
            if try kill("backup", file, on: place, after: moment) {
                #expect(access(file, F_OK) != 0)
                #expect(try contacts(place) == before)
            } else {
                unlink(file)
            }
        }
        try run("backup", file, on: place)
        #expect(access(file + ".unfinished", F_OK) != 0)
        let archive = try folder.files().first { $0.name == "backup.zip" }?.bytes

        // The restore has something to lose.
        try fill(place, from: Self.contacts, count: 100)
        let current = try contacts(place)
        try folder.write("data/media/picture.png", "new")
        var finished = false
        for round in 0..<Self.kills {
            // The first is taken from the backup's length, which is less: it falls into the work for certain.
            let most = round == 0 ? length.milliseconds : 2 * length.milliseconds
            let moment = Timestamp.Span.milliseconds(.random(in: 1...max(2, most)))
            let wasKilled = try kill("restore", file, "--force", on: place, after: moment)
            // Whatever opens the database next finishes what the restore had begun to replace.
            try run("user", "list", on: place)
            let now = try contacts(place)
            #expect(folder.text("data/media/picture.png") == (now == before ? "old" : "new"))
            finished = finished || now == before
            #expect(
                now == current || (finished && now == before), "killed after \(moment.milliseconds) ms: \(wasKilled)")
            #expect(folder.text("data/master.key") == key)
            #expect(try folder.files().first { $0.name == "backup.zip" }?.bytes == archive)
        }
        try run("restore", file, "--force", on: place)
        #expect(try contacts(place) == before)
        #expect(folder.text("data/master.key") == key)
        #expect(access(data + "/cartwright.db.restoring", F_OK) != 0)
        try run("user", "list", on: place)
    }
}
