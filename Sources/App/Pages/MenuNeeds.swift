import Core
import Database
import Domain
import PluginKit
import SQL
import Store

/// How many things behind a place in the sidebar need a person; a count stands only where there are some.
struct MenuNeeds: Sendable {
    /// Nobody counts further than this before looking.
    private static let cap = 99

    private let host: Host

    init(_ host: Host) { self.host = host }

    /// By the entry's path. A sidebar must not keep a page from showing: what cannot be counted is left out.
    func counts() -> [String: Int] {
        let now = host.clock.now()
        var counts = [
            "/admin/plugins": host.plugins.all.filter { plugin in
                if case .failed = host.plugins.standing(plugin.declaration.id) { true } else { false }
            }.count,
            "/admin/settings/site": host.settings.unreadable(
                host.settings.declarations.filter(\.isSecret).map(\.key)
            ).count,
        ]
        let stored = try? host.database.read { tx in
            var unknown = MessagesTable.Selection()
            unknown.statuses = [.unknown]
            return [
                "/admin": try PausesTable.all(at: now, in: tx).count,
                "/admin/messages": try MessagesTable.count(unknown, limit: Self.cap, in: tx),
                "/admin/deliveries": try DeliveriesTable.count(.unreadable, cap: Self.cap, in: tx),
            ]
        }
        counts.merge(stored ?? [:]) { first, _ in first }
        return counts.filter { $0.value > 0 }
    }
}
