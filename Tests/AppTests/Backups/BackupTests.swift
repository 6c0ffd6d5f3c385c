@testable import App
import Archive
import Core
import Crypto
import Database
import Domain
import Glibc
import SQL
import Store
import TestSupport
import Testing
import Text

@Suite struct `A backup` {
    static let ways = TestDatabase.engines.flatMap { from in TestDatabase.engines.map { (from, $0) } }
    /// What a restore changes on purpose, and what a backup notes when it is done.
    private static let settled: Set<String> = [
        "audit", "backups", "instance", "leases", "revisions", "jobs", "sessions", "nodes", "start_links",
    ]

    @Test(arguments: ways)
    func `comes back as it was on either engine, whatever it came from`(from: Engine, to: Engine) throws {
        let shops = try BackupBench(from: from, to: to)
        let made = shops.backUp()
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.lines[0].contains("2 files"))
        try shops.shareKey()
        let restored = shops.to.run("restore", shops.file)
        #expect(restored.status == 0, "\(restored.errors)")
        let (before, after) = (try shops.from.digests(), try shops.to.digests())
        #expect(Set(before.keys) == Set(after.keys))
        for (table, digest) in before where !Self.settled.contains(table) {
            #expect(after[table] == digest, "\(table)")
        }
        #expect(after["contacts"]?.rows == 2)
        try shops.to.open { foundation in
            let verdict = try ConsentVerification(keys: foundation.keys).run(on: foundation.database)
            #expect(verdict.rows == 2)
            #expect(verdict.head != nil)
            #expect(verdict.findings.isEmpty)
            let held = try foundation.database.read { tx in try InstanceTable.find(in: tx)?.hold }
            #expect(held?.kind == .restored)
        }
        #expect(shops.bench.folder.text(shops.to.name(of: "templates/admin/own.mustache")) == "<p>mine</p>")
        #expect(access(shops.to.data + "/media/picture.png", R_OK) == 0)
    }

    @Test func `is for its owner alone, and never takes another file's place`() throws {
        let shops = try BackupBench()
        #expect(shops.backUp().status == 0)
        var status = stat()
        #expect(stat(shops.file, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(access(shops.file + ".unfinished", F_OK) != 0)
        let again = shops.backUp()
        #expect(again.status == 1)
        #expect(again.errors.contains("exists already"))
    }

    @Test func `that fails before the eyes of whoever asked alarms nobody else`() throws {
        let shops = try BackupBench()
        #expect(shops.backUp().status == 0)
        #expect(shops.backUp().status == 1)
        let elsewhere = shops.bench.folder.file("nowhere")
        let run = shops.from.run("backup", elsewhere + "/shop.zip")
        #expect(run.status == 1)
        #expect(run.errors.hasSuffix("cannot be made: there is no folder \(elsewhere)\n"))
        let noted = try shops.from.open { try $0.database.read { tx in try BackupsTable.newest(9, in: tx) } }
        #expect(noted.map(\.error) == [nil])
    }

    @Test func `says in its manifest what it holds`() throws {
        let shops = try BackupBench()
        #expect(shops.backUp().status == 0)
        var reader = try ArchiveReader(path: shops.file)
        var (names, manifest): ([String], JSON?) = ([], nil)
        while let name = try reader.next() {
            names.append(name)
            if name == "manifest.json" { manifest = try JSON(parsing: reader.contents(atMost: 1 << 20)) }
        }
        let json = try #require(manifest)
        #expect(names.last == "manifest.json")
        #expect(json["engine"].string == "sqlite")
        #expect(json["site"]["name"].string == "Wool & Wire")
        #expect(json["has_key"].bool == false)
        #expect(json["consent_head"].string?.hasPrefix("2:") == true)
        let contacts = json["tables"].array?.first { $0["name"].string == "contacts" }
        #expect(contacts?["rows"].int == 2)
        #expect(json["entries"].array?.count == names.count - 1)
        let key = try KeyFile(path: shops.from.data + "/master.key").load()
        #expect(json["master_keys"][0].string == key[0].id)
    }

    @Test func `that an older program made is brought up to date`() throws {
        let shops = try BackupBench()
        let versions = ["host": 6]
        let folder = shops.bench.folder
        let old = try Database(.file(folder.file("old.db")), clock: SystemClock(), log: TestDatabase.quiet)
        try old.migrate([HostSchema.series], program: 1, upTo: versions)
        let keyring = try Keyring(KeyFile(path: folder.file("old.key")))
        _ = try old.write { tx in try HostKeys.load(sealer: keyring.sealer, at: CommandBench.now, in: tx) }
        _ = try old.write { tx in
            try ContactsTable.reach(
                PersonKey(phone: "+12025550143"), details: ContactDetails(), weight: .replaces, at: CommandBench.now,
                in: tx)
        }
        let maker = BackupMaker(
            database: old, dataFolder: folder.path, sealer: keyring.sealer, site: .sample, clock: SystemClock())
        _ = try maker.write(to: shops.file)
        old.close()
        mkdir(shops.to.data, 0o700)
        try folder.write(shops.to.name(of: "master.key"), folder.text("old.key"))
        let run = shops.to.run("restore", shops.file)
        #expect(run.status == 0, "\(run.errors)")
        try shops.to.open { foundation throws in
            #expect(try foundation.database.schemaVersions()["host"] == HostSchema.series.migrations.last?.version)
            #expect(try foundation.database.read { try ContactsTable.find(phone: "+12025550143", in: $0) } != nil)
        }
        #expect(access(shops.to.data + "/cartwright.db.restoring.before-migration", F_OK) != 0)
    }
}

extension Site {
    fileprivate static let sample = Site(
        name: "Wool & Wire", url: "https://shop.example", country: "US", locale: "en", timeZone: "UTC", currency: "USD",
        publicURL: "https://cartwright.example")
}
