package import Core
package import Crypto
package import Database
import Messaging
package import PluginKit
import SQL
package import Store

/// What every command needs: the database at its schema, the keys, and the settings.
package struct Foundation: Sendable {
    package let database: Database
    package let sealer: Sealer
    package let keys: HostKeys
    package let settings: SettingsHub

    /// Makes the folder, the key and the database where they are missing.
    package init(_ options: HostOptions, plugins: [any Plugin], clock: any Clock, log: Log) throws {
        try DataFolder.make(options.data)
        let masterKeys = try KeyFile(path: options.keyPath).loadOrCreate()
        guard let current = masterKeys.first else {
            throw FolderError(description: "\(options.keyPath) holds no key")
        }
        let sealer = Sealer(current, former: Array(masterKeys.dropFirst()))
        let database = try Database(DatabaseLocation(parsing: options.databaseLocation), clock: clock, log: log)
        try database.migrate(
            [HostSchema.series] + PluginHost.migrations(plugins), program: Host.schema)
        let now = clock.now()
        keys = try database.write { tx in try HostKeys.load(sealer: sealer, at: now, in: tx) }
        settings = try SettingsHub(
            HostSettings.declarations + AlertSettings.declarations + MessagingSettings.declarations
                + plugins.flatMap(\.declaration.settings),
            database: database, sealer: sealer, clock: clock)
        self.database = database
        self.sealer = sealer
    }
}
