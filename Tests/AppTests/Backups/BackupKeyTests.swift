import App
import Crypto
import Glibc
import SQL
import Store
import Synchronization
import TestSupport
import Testing

@Suite struct `The master key of a backup` {
    private let words = "correct horse battery"

    @Test func `is not in it unless asked for, and then a restore without the key file says what is missing`() throws {
        let shops = try BackupBench()
        #expect(shops.backUp().status == 0)
        let run = shops.to.run("restore", shops.file)
        #expect(run.status == 1)
        let key = try KeyFile(path: shops.from.data + "/master.key").load()[0]
        #expect(run.errors.contains("sealed with master key \(key.id)"))
        #expect(throws: CryptoError.self) { try KeyFile(path: shops.to.data + "/master.key").load() }
    }

    @Test(arguments: TestDatabase.engines)
    func `comes with it by a passphrase`(engine: Engine) throws {
        let shops = try BackupBench(to: engine)
        #expect(shops.backUp("--with-key", passphrase: words).status == 0)
        let wrong = shops.to.run("restore", shops.file, passphrase: "wrong horse battery")
        #expect(wrong.status == 1)
        #expect(wrong.errors.contains("the passphrase is not the one"))
        let right = shops.to.run("restore", shops.file, "--passphrase-stdin", input: words + "\n")
        #expect(right.status == 0, "\(right.errors)")
        let key = try KeyFile(path: shops.from.data + "/master.key").load()
        #expect(try KeyFile(path: shops.to.data + "/master.key").load() == key)
        try shops.to.open { #expect($0.settings.stored("site.name") == .text("Wool & Wire")) }
    }

    @Test func `goes behind the one in use, which goes on sealing`() throws {
        let shops = try BackupBench()
        #expect(shops.backUp("--with-key", passphrase: words).status == 0)
        #expect(shops.to.run("settings", "list").status == 0)
        let own = try KeyFile(path: shops.to.data + "/master.key").load()
        #expect(shops.to.run("restore", shops.file, passphrase: words).status == 0)
        let both = try KeyFile(path: shops.to.data + "/master.key").load()
        let former = try KeyFile(path: shops.from.data + "/master.key").load()
        #expect(both == own + former)
        #expect(shops.to.run("settings", "set", "meta.access_token", "--stdin", input: "token").status == 0)
        #expect(shops.to.run("key", "rotate").status == 0)
        try shops.to.open { #expect($0.settings.unreadable(["meta.access_token"]).isEmpty) }
    }

    @Test func `needs a passphrase of some length`() throws {
        let shops = try BackupBench()
        let short = shops.backUp("--with-key", passphrase: "too short")
        #expect(short.status == 1)
        #expect(short.errors.contains("at least 12"))
        let none = shops.backUp("--with-key")
        #expect(none.status == 1)
        #expect(none.errors.contains("CARTWRIGHT_BACKUP_PASSPHRASE"))
    }

    @Test func `has a short passphrase refused before it is typed again`() throws {
        let bench = try CommandBench()
        #expect(bench("settings", "list").status == 0)
        let prompts = Mutex<[String]>([])
        let run = bench.run(["backup", bench.folder.file("shop.zip"), "--with-key"]) { prompt in
            prompts.withLock { $0.append(prompt) }
            return "too short"
        }
        #expect(run.status == 1)
        #expect(run.errors.contains("at least 12"))
        #expect(prompts.withLock { $0 } == ["Passphrase for the master key: "])
    }

    @Test func `is left out when only a passphrase is given, and that is said`() throws {
        let shops = try BackupBench()
        let run = shops.from.run("backup", shops.file, "--passphrase-stdin", input: words)
        #expect(run.status == 2)
        #expect(run.errors.contains("--passphrase-stdin goes with --with-key"))
        #expect(access(shops.file, F_OK) != 0)
    }

    @Test func `may stay where it is at a restore, which says what to start with`() throws {
        let shops = try BackupBench()
        #expect(shops.backUp().status == 0)
        let key = shops.from.data + "/master.key"
        let run = shops.to.run("restore", shops.file, "--key-file", key)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.output.contains(
                "start the server with --key-file \(key), or put that file in place as \(shops.to.data)/master.key"))
        #expect(run.lines.last?.contains("/admin/instance") == true)
        #expect(run.lines.last?.contains("cartwright instance confirm") == true)
        // Whoever forgets it is told, and nothing is put in its place.
        let forgetful = shops.to.run("settings", "list")
        #expect(forgetful.status == 1)
        #expect(forgetful.errors.contains("name it with --key-file"))
        #expect(access(shops.to.data + "/master.key", F_OK) != 0)
        #expect(shops.to.run("settings", "get", "site.name", "--key-file", key).output == "Wool & Wire\n")
    }
}
