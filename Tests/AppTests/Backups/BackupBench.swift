import App
import Archive
import Core
import Crypto
import Database
import Domain
import Glibc
import SQL
import Store
import TestSupport

/// Two shops in folders of their own, each on its engine, and the commands that take one's data to the other.
struct BackupBench {
    let bench: CommandBench
    let from: Shop
    let to: Shop

    var file: String { bench.folder.file("backup.zip") }

    init(from: Engine = .sqlite, to: Engine = .sqlite) throws {
        bench = try CommandBench()
        self.from = try Shop("from", from, bench)
        self.to = try Shop("to", to, bench)
        try self.from.fill()
    }

    /// A data folder and its database.
    struct Shop {
        let data: String
        let options: HostOptions
        private let bench: CommandBench
        /// Holds the schema as long as the shop is needed.
        private let place: TestDatabase?

        init(_ name: String, _ engine: Engine, _ bench: CommandBench) throws {
            data = bench.folder.file(name)
            self.bench = bench
            mkdir(data, 0o700)
            var options = HostOptions()
            options.data = data
            place = engine == .postgresql ? try TestDatabase(.postgresql) : nil
            if case .server(let address)? = place?.location { options.database = address.reveal() }
            self.options = options
        }

        func run(_ arguments: String..., input: String = "", passphrase: String? = nil) -> CommandBench.Run {
            bench.run(
                arguments + ["--data", data] + (options.database.map { ["--database", $0] } ?? []), input: input,
                environment: passphrase.map { ["CARTWRIGHT_BACKUP_PASSPHRASE": $0] } ?? [:], withData: false)
        }

        func open<Result>(_ body: (Foundation) throws -> Result) throws -> Result {
            let foundation = try Foundation(
                options, plugins: bench.plugins, clock: FixedClock(CommandBench.now), log: TestDatabase.quiet)
            defer { foundation.database.close() }
            return try body(foundation)
        }

        /// Two people with their word, a person of the shop, a template and a picture.
        func fill() throws {
            try open { foundation in
                try foundation.settings.change(["site.name": "Wool & Wire"], by: "test")
                for phone in BackupBench.people {
                    try BackupBench.say(.grant, phone, foundation, at: CommandBench.now - .hours(2))
                }
                let sealer = ConsentSealer(keys: foundation.keys)
                _ = try foundation.database.write { tx in try sealer.step(owner: "test", in: tx) }
            }
            _ = run(
                "user", "add", "--email", "ana@example.com", "--role", "owner", "--password-stdin",
                input: "a long password")
            mkdir(data + "/templates", 0o700)
            mkdir(data + "/templates/admin", 0o700)
            mkdir(data + "/media", 0o700)
            try bench.folder.write(name(of: "templates/admin/own.mustache"), "<p>mine</p>")
            try bench.folder.write(name(of: "media/picture.png"), [UInt8](repeating: 7, count: 100_000))
        }

        func name(of path: String) -> String { String(data.dropFirst(bench.folder.path.utf8.count + 1)) + "/" + path }

        /// What every table holds, by its name.
        func digests() throws -> [String: TableDigest] {
            let database = try Database(
                DatabaseLocation(parsing: options.databaseLocation), clock: SystemClock(), log: TestDatabase.quiet)
            defer { database.close() }
            return try database.snapshot { tx in
                try Dictionary(
                    uniqueKeysWithValues: Database.tables(in: tx).map { ($0.name, try TableDigest.of($0, in: tx)) })
            }
        }
    }

    static let people = ["+12025550141", "+12025550142"]

    /// A word of somebody, who is made known by it.
    static func say(
        _ action: ConsentStatement.Action, _ phone: String, _ foundation: Foundation, at time: Timestamp
    ) throws {
        let consents = Consents(keys: foundation.keys)
        _ = try foundation.database.write { tx in
            let contact = try ContactsTable.reach(
                PersonKey(phone: phone), details: ContactDetails(firstName: "Ana"), weight: .replaces, at: time, in: tx)
            return try consents.record(
                ConsentStatement(purpose: .marketing, action: action, at: time, source: "checkout"), by: contact,
                at: time, in: tx)
        }
    }

    func backUp(_ arguments: String..., passphrase: String? = nil) -> CommandBench.Run {
        switch arguments.first {
        case let flag?: from.run("backup", file, flag, passphrase: passphrase)
        case nil: from.run("backup", file, passphrase: passphrase)
        }
    }

    /// Gives the other shop this one's key file.
    func shareKey() throws {
        try bench.folder.write(to.name(of: "master.key"), bench.folder.text(from.name(of: "master.key")))
    }

    /// Gives one entry of the archive another content.
    func replace(_ name: String, with change: ([UInt8]) -> [UInt8]) throws {
        try rewrite { entries in
            entries.map { entry in (name: entry.name, bytes: entry.name == name ? change(entry.bytes) : entry.bytes) }
        }
    }

    /// Writes the archive anew with other entries.
    func rewrite(_ change: ([(name: String, bytes: [UInt8])]) -> [(name: String, bytes: [UInt8])]) throws {
        var reader = try ArchiveReader(path: file)
        var entries: [(name: String, bytes: [UInt8])] = []
        while let name = try reader.next() { entries.append((name, try reader.contents(atMost: 64 << 20))) }
        unlink(file)
        let descriptor = Glibc.open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        let writer = try ArchiveWriter(file: descriptor)
        for (name, bytes) in change(entries) {
            try writer.begin(name, at: CommandBench.now)
            try writer.write(bytes)
        }
        try writer.finish()
    }
}
