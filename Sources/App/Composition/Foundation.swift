package import Core
package import Crypto
package import Database
import Glibc
import Messaging
package import PluginKit
import SQL
package import Store

/// What every command needs: the database at its schema, the keys, and the settings.
package struct Foundation: Sendable {
    package let database: Database
    package let keyring: Keyring
    package let keys: HostKeys
    package let settings: SettingsHub

    /// Every setting there is.
    static func declarations(_ plugins: [any Plugin]) -> [SettingDeclaration] {
        HostSettings.declarations + BackupSettings.declarations + AlertSettings.declarations
            + MessagingSettings.declarations + plugins.flatMap(\.declaration.settings)
    }

    /// Makes the folder, the key and the database where they are missing and a new installation may begin.
    package init(_ options: HostOptions, plugins: [any Plugin], clock: any Clock, log: Log) throws {
        let location = try DatabaseLocation(parsing: options.databaseLocation)
        try Premises(options: options, location: location).prepare()
        let database = try Database(location, clock: clock, log: log)
        try database.refuseUnfinishedCopy()
        let keyring = try Self.keyring(options, for: database, log: log)
        try PluginNames(plugins, engine: database.engine).check()
        // A new database has no such table yet, and nothing uninstalled.
        let entries = (try? database.read { tx in try PluginsTable.all(in: tx) }) ?? []
        let installed = plugins.filter { PluginChoice(entries: entries).isInstalled($0.declaration) }
        try database.migrate([HostSchema.series] + PluginHost.migrations(installed), program: Host.schema)
        try RestoredFolders(dataFolder: options.data).finish(in: database)
        let now = clock.now()
        keys = try database.write { tx in try HostKeys.load(sealer: keyring.sealer, at: now, in: tx) }
        settings = try SettingsHub(
            Self.declarations(plugins),
            database: database, keyring: keyring, clock: clock)
        self.database = database
        self.keyring = keyring
    }
    /// A first key is made where nothing has been sealed yet: one that is made later would open nothing, and stand in
    /// the way of the one that does.
    private static func keyring(_ options: HostOptions, for database: Database, log: Log) throws -> Keyring {
        let file = KeyFile(path: options.keyPath)
        let needed = try database.hasTable("settings") ? database.read { tx in try HostKeys.masterKey(in: tx) } : nil
        // Asked after what is sealed: another process that starts now makes the key before it seals.
        let isMissing = access(file.path, F_OK) != 0
        if let needed, isMissing {
            throw FolderError(
                description:
                    "there is no key file \(file.path), and what is in the database is sealed with master key \(needed): "
                    + "put that key file there, or name it with --key-file")
        }
        if isMissing { log.info("new data folder", ["data": .text(options.data)]) }
        return try Keyring(file)
    }
}
