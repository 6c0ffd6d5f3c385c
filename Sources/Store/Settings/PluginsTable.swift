package import Core
package import SQL

/// Which plugins this installation knows, and which of them are active.
package enum PluginsTable {
    package struct Entry: Sendable, Equatable {
        package var id: String
        package var isActive: Bool
        /// The version that was last switched here; empty for one that was uninstalled.
        package var version: String
        /// When it was last activated or deactivated.
        package var since: Timestamp

        /// False for one that was uninstalled, until it is activated again: nothing else is left of it.
        package var isInstalled: Bool { !version.isEmpty }

        package init(id: String, isActive: Bool, version: String, since: Timestamp) {
            self.id = id
            self.isActive = isActive
            self.version = version
            self.since = since
        }
    }

    package static func all(in tx: any ReadTransaction) throws -> [Entry] {
        try tx.rows("SELECT id, active, version, since FROM plugins ORDER BY id").map {
            Entry(id: try $0.text(0), isActive: try $0.flag(1), version: try $0.text(2), since: try $0.time(3))
        }
    }

    package static func put(_ entry: Entry, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO plugins (id, active, version, since)
            VALUES (\(entry.id), \(entry.isActive), \(entry.version), \(entry.since))
            ON CONFLICT (id) DO UPDATE
            SET active = excluded.active, version = excluded.version, since = excluded.since
            """)
        try RevisionsTable.raise(.plugins, in: tx)
    }

    /// Keeps of a plugin only that it was uninstalled: without a row it would be active again.
    package static func putUninstalled(_ id: String, at now: Timestamp, in tx: any WriteTransaction) throws {
        try put(Entry(id: id, isActive: false, version: "", since: now), in: tx)
    }
}
