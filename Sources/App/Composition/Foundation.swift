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

    /// Makes the folder, the key and the database where they are missing.
    package init(_ options: HostOptions, plugins: [any Plugin], clock: any Clock, log: Log) throws {
        try DataFolder.make(options.data)
        // A mistyped folder would else look like one that has lost everything.
        if access(options.keyPath, F_OK) != 0 { log.info("new data folder", ["data": .text(options.data)]) }
        let keyring = try Keyring(KeyFile(path: options.keyPath))
        let database = try Database(DatabaseLocation(parsing: options.databaseLocation), clock: clock, log: log)
        try database.refuseUnfinishedCopy()
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
}
