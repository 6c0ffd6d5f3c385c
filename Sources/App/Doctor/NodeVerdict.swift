import Core
import Crypto
import Database
package import PluginKit
import SQL
package import Store
import Templating

/// Whether the processes on this database are those it needs, and agree.
package struct NodeVerdict {
    /// Leases are measured by the database's clock alone, but what is due by the node's own.
    private static let tolerance = Timestamp.Span.seconds(2)

    static func find(_ host: Host) throws -> HealthFinding {
        let alive = try host.database.read { tx in try NodesTable.alive(in: tx) }
        guard !alive.isEmpty else {
            // Of a SQLite folder the socket knows more.
            return .said(host.database.engine == .sqlite ? .ok : .warn, "nodes.nobody")
        }
        return of(alive, key: host.sealer.current.id)
    }

    /// - Parameter key: the id of the master key that this process seals with.
    package static func of(_ alive: [Node], key: String) -> HealthFinding {
        guard alive.contains(where: \.role.works) else { return .said(.fail, "nodes.no_worker", href: "/admin/jobs") }
        if let other = alive.first(where: { $0.keys.first != key }) {
            return .said(.fail, "nodes.key", ["node": .text(other.name)], href: "/admin/jobs")
        }
        let versions = Set(alive.map(\.version)).sorted()
        if versions.count > 1 {
            return .said(
                .warn, "nodes.versions", ["versions": .text(versions.joined(separator: ", "))], href: "/admin/jobs")
        }
        func distance(_ node: Node) -> Timestamp.Span { max(node.clockAhead, .zero - node.clockAhead) }
        if let worst = alive.max(by: { distance($0) < distance($1) }), distance(worst) > tolerance {
            return .said(
                .warn, "nodes.clock",
                ["node": .text(worst.name), "seconds": .number(distance(worst).milliseconds / 1000)],
                href: "/admin/jobs")
        }
        return .said(.ok, "nodes", ["count": .number(Int64(alive.count))])
    }
}
