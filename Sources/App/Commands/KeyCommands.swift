import SQL
import Core
import Crypto
import Database

/// `cartwright key …`: the master key.
enum KeyCommands {
    static let all = [rotate]

    private static let rotate = Command(
        "key rotate", "Makes a new master key and seals everything with it, also while a server runs",
        flags: [.keyFile]
    ) { call in
        let options = HostOptions(call)
        let outcome = try call.withLiveFoundation { foundation in
            try KeyRotation(
                foundation.keyring.file, database: foundation.database, clock: call.clock,
                announce: { key in try announce(key, options, on: foundation.database) }
            ).run(by: CommandActor.name)
        }
        try call.print("master key \(outcome.key) has sealed \(outcome.resealed) values anew")
        for key in outcome.dropped {
            try call.print(
                "master key \(key) is forgotten; backups made before need the key file that you kept with them")
        }
        for key in outcome.kept {
            try call.print("master key \(key) stays in the key file: what it sealed cannot be opened")
        }
    }

    /// The process on a SQLite folder says itself that it has read the key file; those on PostgreSQL say with each
    /// beat which keys they have.
    private static func announce(_ key: String, _ options: HostOptions, on database: Database) throws {
        guard database.engine == .sqlite else { return try NodeKeys(database).wait(for: key) }
        switch ControlSocket.askToReload(at: options.controlSocket) {
        case .nobody, .done(key: key): return
        case .done(let other):
            throw CommandFailure(
                "the running server seals with master key \(other): give --key-file as it was given to the server; "
                    + "nothing was sealed anew")
        case .failed:
            throw CommandFailure(
                "the running server did not take the new master key; the old one goes on sealing: try again"
            )
        }
    }
}
