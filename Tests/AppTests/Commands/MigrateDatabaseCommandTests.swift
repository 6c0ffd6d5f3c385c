import App
import Core
import Crypto
import Database
import Glibc
import SQL
import Store
import TestSupport
import Testing

@Suite struct `The migrate-database command` {
    let house: MovingHouse
    var bench: CommandBench { house.bench }
    var source: String { house.source }

    init() throws { house = try MovingHouse() }

    @Test(.enabled(if: TestDatabase.engines.contains(.postgresql)))
    func `takes every row of every table to PostgreSQL and back`() throws {
        try house.fill()
        let (middle, last) = (try TestDatabase(.postgresql), bench.folder.file("new/back.db"))
        let first = try house.digests(.file(source))
        let there = move(to: middle.location.text)
        #expect(there.status == 0, "\(there.errors)")
        #expect(there.lines.contains("messages\t27"))
        #expect(there.lines.contains { $0.hasPrefix("total\t") })
        #expect(try house.digests(middle.location) == first)
        let back = bench("migrate-database", "--from", middle.location.text, "--to", last)
        #expect(back.status == 0, "\(back.errors)")
        #expect(try house.digests(.file(last)) == first)
        #expect(bench("settings", "get", "meta.access_token", "--database", last).output == "(set)\n")
    }

    @Test func `holds the source, and will not take it anywhere else`() throws {
        #expect(bench("settings", "set", "site.name", "Tea").status == 0)
        #expect(move(to: bench.folder.file("second.db")).status == 0)
        #expect(bench("settings", "get", "site.name", "--database", bench.folder.file("second.db")).output == "Tea\n")
        let foundation = try bench.open()
        defer { foundation.database.close() }
        let hold = try foundation.database.read { try InstanceTable.find(in: $0)?.hold?.kind }
        #expect(hold == .moved(to: bench.folder.file("second.db")))
        #expect(bench("instance").output.contains("was taken to \(bench.folder.file("second.db")), which goes on"))
        let again = move(to: bench.folder.file("third.db"))
        #expect(again.status == 1)
        #expect(again.errors.contains("moved from here to \(bench.folder.file("second.db")) already"))
    }

    @Test func `goes on with what another try has begun, and copies again what has changed since`() throws {
        try house.fill()
        let target = bench.folder.file("second.db")
        let foundation = try bench.open()
        let shapes = try foundation.database.tables()
        let installation = try #require(
            try foundation.database.read { try HostKeys.installation(sealer: foundation.keyring.sealer, in: $0) })
        // As a try leaves it that was killed after the first table, half of it outdated since.
        let half = try Database(.file(target), clock: SystemClock(), log: TestDatabase.quiet)
        try half.load { tx in try CopyNotesTable.make(for: installation, in: tx) }
        let versions = try foundation.database.schemaVersions()
        try half.migrate([HostSchema.series], program: 1, upTo: versions.filter { $0.key == "host" })
        let users = try #require(shapes.first { $0.name == "users" })
        let rows = try foundation.database.read { try TableRows.page(of: users, limit: 5, in: $0) }
        try half.load { tx in
            try TableRows.insert(rows, into: users, in: tx)
            try tx.run("UPDATE users SET name = 'somebody else'")
            var note = CopyNote()
            note.done(upTo: String(decoding: try PortableRow.line(users.key(of: rows[4])), as: UTF8.self))
            #expect(try CopyNotesTable.advance("users", from: nil, to: note, in: tx))
        }
        half.close()
        foundation.database.close()
        let unfinished = bench("settings", "list", "--database", target)
        #expect(unfinished.status == 1)
        #expect(unfinished.errors.contains("run the same migrate-database again"))
        let first = try house.digests(.file(source))
        let run = move(to: target)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try house.digests(.file(target)) == first)
    }

    @Test func `refuses what it cannot do, and says why`() throws {
        #expect(bench("settings", "set", "site.name", "Tea").status == 0)
        let target = bench.folder.file("second.db")
        #expect(bench("migrate-database", "--to", target).status == 2)
        #expect(bench("migrate-database", "--from", source, "--to", "mysql://shop").status == 2)
        #expect(
            bench("migrate-database", "--from", bench.folder.file("no.db"), "--to", target).errors.contains(
                "there is no"))
        #expect(move(to: source).errors.contains("the same database"))
        let key = bench.folder.file("other.key")
        let other = bench.run(
            ["settings", "set", "site.name", "Other", "--data", bench.folder.file("other"), "--key-file", key],
            withData: false)
        #expect(other.status == 0)
        #expect(move(to: target, "--key-file", key).errors.contains("give the right one with --key-file"))
        #expect(move(to: bench.folder.file("other/cartwright.db")).errors.contains("already holds data"))
        let lock = try DataFolderLock(folder: bench.data, role: "serve")
        withExtendedLifetime(lock) { #expect(move(to: target).errors.contains("serve")) }
        #expect(access(target, F_OK) != 0)
        let link = bench.folder.file("link.db")
        #expect(symlink(source, link) == 0)
        #expect(move(to: link).errors.contains("the same database"))
    }

    @Test func `refuses data of a plugin that it does not have`() throws {
        #expect(bench("settings", "set", "site.name", "Tea").status == 0)
        let foundation = try bench.open()
        let stranger = MigrationSeries(
            name: "gifts",
            migrations: [Migration(1, "gifts", common: ["CREATE TABLE gifts_given (id INTEGER PRIMARY KEY)"])])
        try foundation.database.migrate([stranger], program: 1)
        foundation.database.close()
        let run = move(to: bench.folder.file("second.db"))
        #expect(run.status == 1)
        #expect(run.errors.contains("no plugin gifts"))
    }

    private func move(to target: String, _ more: String...) -> CommandBench.Run {
        bench.run(["migrate-database", "--from", source, "--to", target] + more)
    }
}

extension DatabaseLocation {
    /// As a flag takes it.
    fileprivate var text: String {
        switch self {
        case .file(let path): path
        case .server(let address): address.reveal()
        }
    }
}
