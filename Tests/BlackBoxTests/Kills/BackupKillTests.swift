@testable import App
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

    @Test(arguments: TestDatabase.engines)
    func `leaves archive, database and key as they were`(engine: Engine) throws {
        let place = engine == .postgresql ? try TestDatabase(.postgresql) : nil
        try run("settings", "set", "site.name", "Wool", on: place)
        mkdir(data + "/media", 0o700)
        try folder.write("data/media/picture.png", "old")
        try fill(place, from: 0, count: Self.contacts)
        let key = folder.text("data/master.key")
        let before = try digests(place)

        let start = SystemClock().sinceBoot()
        try run("backup", folder.file("whole.zip"), on: place)
        let length = SystemClock().sinceBoot() - start
        try kill(
            "backup", file, on: place, lasting: length,
            isAtWork: { access(file + UnfinishedFile.suffix, F_OK) == 0 }
        ) { isFirst throws in
            #expect(try Self.kept(digests(place)) == Self.kept(before))
            // One that was whole before the kill, and only not yet on record.
            guard access(file, F_OK) == 0 else { return }
            #expect(!isFirst)
            #expect(try !CheckedBackup(path: file).manifest.tables.isEmpty)
            unlink(file)
        }
        try run("backup", file, on: place)
        #expect(access(file + UnfinishedFile.suffix, F_OK) != 0)
        let archive = try bytes(of: "backup.zip")

        // The restore has something to lose.
        try fill(place, from: Self.contacts, count: 100)
        try folder.write("data/media/picture.png", "new")
        let current = try digests(place)
        var isReplaced = false
        try kill(
            "restore", file, "--force", on: place, lasting: length * 2, isAtWork: { try isStaging(place) }
        ) { isFirst in
            // Whatever opens the database next finishes what the restore had begun to replace.
            try run("user", "list", on: place)
            let now = try digests(place)
            let isRestored = now["contacts"] == before["contacts"]
            #expect(folder.text("data/media/picture.png") == (isRestored ? "old" : "new"))
            isReplaced = isReplaced || isRestored
            #expect(isReplaced ? isRestored : now == current)
            #expect(!isFirst || !isReplaced)
            #expect(folder.text("data/master.key") == key)
            #expect(try bytes(of: "backup.zip") == archive)
        }
        try run("restore", file, "--force", on: place)
        #expect(try digests(place)["contacts"] == before["contacts"])
        #expect(folder.text("data/master.key") == key)
        #expect(access(data + "/cartwright.db.restoring", F_OK) != 0)
        try run("user", "list", on: place)
    }

    // MARK: Killing

    /// Kills a command until so many kills have landed before its end: the first one as soon as it is at work, the
    /// others whenever.
    /// - Parameters:
    ///   - length: how long it takes about.
    ///   - look: called after each run.
    private func kill(
        _ words: String..., on place: TestDatabase?, lasting length: Timestamp.Span, isAtWork: () throws -> Bool,
        thenLook look: (_ isFirst: Bool) throws -> Void
    ) throws {
        let clock = SystemClock()
        var landed = 0
        for run in 0..<10 * Self.kills where landed < Self.kills {
            let moment = clock.sinceBoot() + .milliseconds(.random(in: 1...max(2, length.milliseconds)))
            let process = try ChildProcess(
                Cartwright.program, arguments(words, place), environment: Cartwright.environment,
                errors: folder.file("errors"))
            while try run == 0 ? !isAtWork() : clock.sinceBoot() < moment {
                // Nothing is said before the end: until then this only lets a moment pass.
                guard (try? process.ending(within: .milliseconds(1))) == nil else { break }
            }
            process.kill()
            let ending = try process.ending()
            #expect([.killed(signal: SIGKILL), .exited(0)].contains(ending), "\(folder.text("errors"))")
            if ending == .killed(signal: SIGKILL) { landed += 1 }
            #expect(run > 0 || landed == 1, "it had ended before it was at work")
            try look(run == 0)
        }
        #expect(landed == Self.kills)
    }

    private func isStaging(_ place: TestDatabase?) throws -> Bool {
        guard let place else { return access(data + "/cartwright.db.restoring-wal", F_OK) == 0 }
        return try place.database.read { tx in
            try tx.count(
                """
                SELECT count(*) FROM pg_tables
                WHERE tablename = 'contacts' AND CAST(schemaname AS TEXT) = current_schema() || '_restoring'
                """) > 0
        }
    }

    // MARK: The shop

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

    private func open<Result>(_ place: TestDatabase?, _ body: (Database) throws -> Result) throws -> Result {
        let location = place?.location ?? .file(data + "/cartwright.db")
        let database = try Database(location, clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        return try body(database)
    }

    private func digests(_ place: TestDatabase?) throws -> [String: TableDigest] {
        try open(place) { database in
            try database.snapshot { tx in
                try Dictionary(
                    uniqueKeysWithValues: Database.tables(in: tx).map { ($0.name, try TableDigest.of($0, in: tx)) })
            }
        }
    }

    /// All but what a backup puts on record when it is done.
    private static func kept(_ digests: [String: TableDigest]) -> [String: TableDigest] {
        digests.filter { !["backups", "audit"].contains($0.key) }
    }

    private func bytes(of name: String) throws -> [UInt8]? { try folder.files().first { $0.name == name }?.bytes }

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
}
