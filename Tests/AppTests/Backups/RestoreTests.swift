@testable import App
import Core
import Database
import Domain
import Glibc
import SQL
import Store
import TestSupport
import Testing

@Suite struct `A restore` {
    @Test(arguments: TestDatabase.engines)
    func `says what would be lost, and keeps it when it is told to go on`(engine: Engine) throws {
        let shops = try BackupBench(from: engine)
        #expect(shops.backUp().status == 0)
        try shops.from.open { foundation in
            try BackupBench.say(.grant, "+12025550144", foundation, at: CommandBench.now)
        }
        let before = try shops.from.digests()
        let refused = shops.from.run("restore", shops.file)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("holds 1 account, 3 contacts, 3 consents"), "\(refused.errors)")
        #expect(try shops.from.digests() == before)
        // Twice: what a restore keeps does not stand in the way of the next.
        for _ in 0..<2 {
            let run = shops.from.run("restore", shops.file, "--force")
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.contains(engine == .sqlite ? "cartwright.db.before-restore" : "_before_restore"))
        }
        try shops.from.open { foundation throws in
            #expect(try foundation.database.read { try ContactsTable.find(phone: "+12025550144", in: $0) } == nil)
            #expect(try foundation.database.read { try SessionsTable.counts(now: CommandBench.now, in: $0) }.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `keeps everybody stopped who has said so since`(engine: Engine) throws {
        let shops = try BackupBench(from: engine)
        #expect(shops.backUp().status == 0)
        let (known, unknown, erased) = (BackupBench.people[0], "+12025550144", "+12025550145")
        let later = CommandBench.now - .minutes(5)
        try shops.from.open { foundation in
            try BackupBench.say(.withdraw, known, foundation, at: later)
            try BackupBench.say(.withdraw, unknown, foundation, at: later)
            try foundation.database.write { tx in
                try Suppressions(keys: foundation.keys).keep(
                    Suppressions.everything, for: PersonKey(phone: erased), reason: "erased", at: later, in: tx)
            }
        }
        let run = shops.from.run("restore", shops.file, "--force")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("3 people who were stopped since then stay stopped"))
        try shops.from.open { foundation in
            let suppressions = Suppressions(keys: foundation.keys)
            try foundation.database.read { tx in
                let contact = try #require(try ContactsTable.find(phone: known, in: tx))
                let standing = try ConsentStatesTable.find(.marketing, of: contact.id, in: tx)
                #expect(standing?.state == .withdrawn)
                #expect(standing?.at == later)
                #expect(try suppressions.isSuppressed(PersonKey(phone: unknown), for: .marketing, in: tx))
                #expect(try suppressions.isSuppressed(PersonKey(phone: erased), for: .orders, in: tx))
                let other = try #require(try ContactsTable.find(phone: BackupBench.people[1], in: tx))
                #expect(try ConsentStatesTable.find(.marketing, of: other.id, in: tx)?.state == .granted)
            }
            #expect(try ConsentVerification(keys: foundation.keys).run(on: foundation.database).findings.isEmpty)
        }
    }

    @Test func `leaves a folder alone that the backup has nothing of, and says so`() throws {
        let shops = try BackupBench()
        let templates = shops.from.data + "/templates"
        #expect(rename(templates, templates + ".away") == 0)
        #expect(shops.backUp().status == 0)
        #expect(rename(templates + ".away", templates) == 0)
        let run = shops.from.run("restore", shops.file, "--force")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.lines.contains("\(templates) stays as it is: the backup holds nothing of it"))
        #expect(run.lines.contains { $0.hasSuffix("media.before-restore") })
        #expect(shops.bench.folder.text(shops.from.name(of: "templates/admin/own.mustache")) == "<p>mine</p>")
        #expect(access(templates + ".before-restore", F_OK) != 0)
    }

    @Test func `does nothing while a server works on the folder`() throws {
        let shops = try BackupBench()
        #expect(shops.backUp().status == 0)
        let lock = try DataFolderLock(folder: shops.from.data, role: "serve")
        let run = withExtendedLifetime(lock) { shops.from.run("restore", shops.file, "--force") }
        #expect(run.status == 1)
        #expect(run.errors.contains("serve (process"))
    }

    @Test func `goes to the file that a link leads to, whose folder it locks`() throws {
        let shops = try BackupBench()
        #expect(shops.backUp().status == 0)
        let link = shops.bench.folder.file("link.db")
        #expect(symlink(shops.from.data + "/cartwright.db", link) == 0)
        let restore = ["restore", shops.file, "--force", "--data", shops.from.data, "--database", link]
        do {
            let lock = try DataFolderLock(folder: shops.from.data, role: "serve")
            let refused = withExtendedLifetime(lock) { shops.bench.run(restore, withData: false) }
            #expect(refused.status == 1)
            #expect(refused.errors.contains("serve (process"))
        }
        let run = shops.bench.run(restore, withData: false)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains(shops.from.data + "/cartwright.db.before-restore"))
        var status = stat()
        #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }

    @Test(.enabled(if: TestDatabase.engines.contains(.postgresql)))
    func `does nothing while a node works on the database`() throws {
        let shops = try BackupBench(from: .postgresql)
        #expect(shops.backUp().status == 0)
        try shops.from.open { foundation in
            let now = CommandBench.now
            try foundation.database.write { tx in
                try NodesTable.beat(
                    Node(
                        id: "n1", name: "shop-1", role: .worker, version: "1", keys: [], clockAhead: .zero,
                        startedAt: now, seenAt: now), clock: now, in: tx)
            }
        }
        let run = shops.from.run("restore", shops.file, "--force")
        #expect(run.status == 1)
        #expect(run.errors.contains("shop-1 works on this database"), "\(run.errors)")
    }

    @Test(arguments: TestDatabase.engines)
    func `that was killed before it had replaced the files is finished by the next start`(engine: Engine) throws {
        let shops = try BackupBench(from: engine)
        #expect(shops.backUp().status == 0)
        let (data, picture) = (shops.from.data, shops.from.name(of: "media/picture.png"))
        try shops.bench.folder.write(picture, "later")
        #expect(shops.from.run("restore", shops.file, "--force").status == 0)
        let entry = try shops.from.open { foundation in
            try foundation.database.read { tx in
                try AuditTable.page(PageRequest(), action: "backup.restored", in: tx).rows.first?.id
            }
        }
        let done = try #require(entry)
        // As a kill leaves the folder when the database is replaced and the files are not.
        rename(data + "/media", data + "/media.restoring")
        rename(data + "/media.before-restore", data + "/media")
        let mark = shops.from.name(of: "restoring.mark")

        try shops.bench.folder.write(mark, ID(done.number + 1).description)
        #expect(shops.from.run("settings", "list").status == 0)
        #expect(shops.bench.folder.text(picture) == "later", "the files of another database wait for the next restore")

        try shops.bench.folder.write(mark, done.description)
        #expect(shops.from.run("settings", "list").status == 0)
        #expect(shops.bench.folder.text(picture) != "later")
        #expect(shops.bench.folder.text(shops.from.name(of: "media.before-restore/picture.png")) == "later")
        #expect(access(data + "/restoring.mark", F_OK) != 0)
    }

    @Test(.enabled(if: TestDatabase.engines.contains(.postgresql)))
    func `refuses while another one works on the database`() throws {
        let shops = try BackupBench(to: .postgresql)
        #expect(shops.backUp().status == 0)
        try shops.shareKey()
        let other = try SchemaPlace(
            DatabaseLocation(parsing: shops.to.options.databaseLocation), known: [], clock: SystemClock(),
            log: TestDatabase.quiet)
        let refused = shops.to.run("restore", shops.file)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("is restoring into this database"), "\(refused.errors)")
        try other.stage().close()
        other.discard()
        let run = shops.to.run("restore", shops.file)
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test func `replaces a database that cannot be read any more, and says what that costs`() throws {
        let shops = try BackupBench()
        #expect(shops.backUp().status == 0)
        try shops.bench.folder.write(shops.from.name(of: "cartwright.db"), [UInt8](repeating: 9, count: 50_000))
        let refused = shops.from.run("restore", shops.file)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("cannot be read"))
        let run = shops.from.run("restore", shops.file, "--force")
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("warning: nobody's STOP could be taken over"))
        try shops.from.open { foundation throws in
            #expect(
                try foundation.database.read { try ContactsTable.find(phone: BackupBench.people[0], in: $0) } != nil)
        }
    }
}
