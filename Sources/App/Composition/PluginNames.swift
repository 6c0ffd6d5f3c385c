package import PluginKit
package import SQL
import Store

/// What plugins are called: tables, jobs and alerts that begin with a plugin's id are taken away at its end, so they must
/// be nobody else's.
package struct PluginNames {
    /// Nobody starts with such a plugin: it is a mistake of the program.
    package struct Clash: Error, Equatable, CustomStringConvertible {
        package let description: String
    }

    /// The host's jobs and alerts, and the engines' own tables.
    private static let taken: Set<String> = ["host", "sqlite", "pg"]

    private let plugins: [PluginDeclaration]
    private let engine: Engine

    package init(_ plugins: [any Plugin], engine: Engine) {
        self.plugins = plugins.map(\.declaration)
        self.engine = engine
    }

    package func check() throws(Clash) {
        let hosts = MigrationSeries.bookkeeping.union(HostSchema.series.tables(for: engine))
        var known: Set<String> = []
        for plugin in plugins {
            guard !plugin.id.isEmpty, plugin.id.utf8.allSatisfy(Self.isIDByte) else {
                throw Clash(description: "the plugin id “\(plugin.id)” is not of lower-case letters and digits")
            }
            guard known.insert(plugin.id).inserted else {
                throw Clash(description: "two plugins are called \(plugin.id)")
            }
            guard !Self.taken.contains(plugin.id) else {
                throw Clash(description: "no plugin may be called \(plugin.id): the house uses that name itself")
            }
            try refuse(plugin, tables: hosts, of: "the host")
            for other in plugins where other.id != plugin.id {
                let series = MigrationSeries(name: other.id, migrations: other.migrations)
                try refuse(plugin, tables: series.tables(for: engine), of: "the plugin \(other.id)")
            }
        }
    }

    private func refuse(_ plugin: PluginDeclaration, tables: Set<String>, of owner: String) throws(Clash) {
        guard let table = tables.sorted().first(where: { $0.hasPrefix(plugin.id + "_") }) else { return }
        throw Clash(
            description: "no plugin may be called \(plugin.id): with it, \(table) of \(owner) would be uninstalled too")
    }

    private static func isIDByte(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) }
}
