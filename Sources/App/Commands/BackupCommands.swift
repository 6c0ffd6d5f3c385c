import Core
import Crypto
import Database
import PluginKit
import SQL
import Store

/// `cartwright backup` and `cartwright restore`.
enum BackupCommands {
    static let all = [backup, restore]

    /// Who has the file may try words for years.
    static let leastPassphrase = 12

    private static let withKey = Flag("with-key", "puts the master key in, sealed by a passphrase")
    private static let force = Flag("force", "also over a database that holds something; it is kept aside")
    private static let passphraseInput = Flag("passphrase-stdin", "takes the passphrase from standard input")
    /// Its twin is the way for a script: what stands on a command line is seen by everybody on the machine.
    private static let passphrase = Flag(
        "backup-passphrase", "WORDS", "the passphrase; better in CARTWRIGHT_BACKUP_PASSPHRASE")

    private static let backup = Command(
        "backup", "Writes everything into one file, also while a server runs", operands: [.init(name: "FILE")],
        flags: [withKey, passphraseInput, passphrase, .keyFile]
    ) { call in
        guard call.has(withKey) || !call.has(passphraseInput) else {
            throw call.wrong(
                "--\(passphraseInput.name) goes with --\(withKey.name): nothing else is sealed by a passphrase")
        }
        let words = call.has(withKey) ? try newPassphrase(call) : nil
        try call.withFoundation { foundation in
            let desk = BackupDesk(foundation, dataFolder: HostOptions(call).data, clock: call.clock, log: call.log)
            let file = call.operands[0]
            let outcome = try desk.make(at: file, passphrase: words, by: CommandActor.name)
            let manifest = outcome.manifest
            let files = manifest.entries.count - manifest.tables.count - (manifest.hasKey ? 1 : 0)
            try call.print(
                "\(file): \(manifest.rows) rows of \(manifest.tables.count) tables, \(files) files, \(outcome.bytes) bytes"
            )
            try call.print(
                manifest.hasKey
                    ? "the master key is in it, sealed by the passphrase"
                    : "the master key \(foundation.keyring.sealer.current.id) is not in it: keep \(foundation.keyring.file.path) elsewhere"
            )
        }
    }

    private static let restore = Command(
        "restore", "Puts a backup in place, while no server runs", operands: [.init(name: "FILE")],
        flags: [force, passphraseInput, passphrase, .keyFile]
    ) { call in
        let options = HostOptions(call)
        let backup = try CheckedBackup(path: call.operands[0])
        try DataFolder.make(options.data)
        var location = try DatabaseLocation(parsing: options.databaseLocation)
        if case .file(let path) = location { try DataFolder.make(path.parentFolder) }
        location = try location.resolved()
        let lock = try location.folder.map { try DataFolderLock(folder: $0, role: "restore") }
        try withExtendedLifetime(lock) {
            let keys = try RestoreKeys(backup, KeyFile(path: options.keyPath)) { try knownPassphrase(call) }
            let restoration = Restoration(
                backup: backup, place: try place(location, call), options: options, plugins: call.plugins, keys: keys,
                clock: call.clock, log: call.log)
            try report(try restoration.run(force: call.has(force)), backup, call)
        }
    }

    private static func report(_ outcome: Restoration.Outcome, _ backup: CheckedBackup, _ call: Invocation) throws {
        let manifest = backup.manifest
        try call.print(
            "restored \(manifest.rows) rows of \(manifest.tables.count) tables, as of \(manifest.madeAt.rfc3339) "
                + "(\(manifest.siteName), \(manifest.engine.rawValue))")
        if outcome.stops > 0 {
            let people = outcome.stops == 1 ? "1 person who was" : "\(outcome.stops) people who were"
            try call.print(people + " stopped since then " + (outcome.stops == 1 ? "stays stopped" : "stay stopped"))
        }
        for line in outcome.kept { try call.print(line) }
        for line in outcome.warnings { try call.print("warning: " + line) }
        let options = HostOptions(call)
        if let file = options.keyFile {
            try call.print(
                "the master key stays in \(file): start the server with --\(Flag.keyFile.name) \(file), or put that file in "
                    + "place as \(options.data)/master.key")
        }
        try call.print(
            "everybody has to sign in again, and nothing is sent yet: start the server and say at \(InstancePage.path), or "
                + "with “cartwright instance confirm”, that this is the live shop")
    }

    private static func place(_ location: DatabaseLocation, _ call: Invocation) throws -> any RestorePlace {
        switch location {
        case .file(let path): return FilePlace(path: path, clock: call.clock, log: call.log)
        case .server:
            let series = [HostSchema.series] + PluginHost.migrations(call.plugins)
            let known = series.reduce(into: Set<String>()) { $0.formUnion($1.tables(for: .postgresql)) }
            return try SchemaPlace(location, known: known, clock: call.clock, log: call.log)
        }
    }

    /// One that is chosen now: on a terminal it is typed twice.
    private static func newPassphrase(_ call: Invocation) throws -> Secret {
        let given = try given(call)
        guard let words = try given ?? call.terminal.ask("Passphrase for the master key: ") else { throw missing(call) }
        guard words.count >= leastPassphrase else {
            throw CommandFailure("a passphrase has at least \(leastPassphrase) characters: a few words are best")
        }
        guard try given != nil || call.terminal.ask("The same once more: ") == words else {
            throw CommandFailure("the two passphrases are not the same")
        }
        return Secret(words)
    }

    private static func knownPassphrase(_ call: Invocation) throws -> Secret {
        guard let words = try given(call) ?? call.terminal.ask("Passphrase of the backup's master key: ") else {
            throw missing(call)
        }
        return Secret(words)
    }

    private static func given(_ call: Invocation) throws -> String? {
        call.has(passphraseInput) ? try call.input() : call[passphrase]
    }

    private static func missing(_ call: Invocation) -> CommandFailure {
        CommandFailure(
            "a passphrase is needed: give it with --\(passphraseInput.name) or in \(passphrase.variable), or call "
                + "\(call.command.name) on a terminal")
    }
}
