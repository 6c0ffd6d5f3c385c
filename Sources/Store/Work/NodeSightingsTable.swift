import Core
package import SQL

/// Something that one process has met, and that concerns the whole house.
package enum Sighting: Sendable, Hashable {
    /// A plugin that does not come back from a call.
    case stuckPlugin(String)
    /// A proxy at this address says whose request it brings, and is not believed.
    case untrustedProxy(String)
    /// Somebody came from the internet without TLS.
    case unencrypted
    /// The disk of the data folder has little room left on this machine.
    case scarceDisk(machine: String, megabytes: Int64, isNearlyFull: Bool)

    fileprivate var columns: (what: String, subject: String) {
        switch self {
        case .stuckPlugin(let id): ("stuck_plugin", id)
        case .untrustedProxy(let address): ("untrusted_proxy", address)
        case .unencrypted: ("unencrypted", "")
        case .scarceDisk(let machine, let megabytes, let isNearlyFull):
            (isNearlyFull ? Self.nearlyFull : Self.scarce, "\(megabytes) \(machine)")
        }
    }

    private static let (scarce, nearlyFull) = ("scarce_disk", "nearly_full_disk")

    /// Nil for one that a later release knows.
    fileprivate init?(_ what: String, _ subject: String) {
        switch what {
        case "stuck_plugin": self = .stuckPlugin(subject)
        case "untrusted_proxy": self = .untrustedProxy(subject)
        case "unencrypted": self = .unencrypted
        case Self.scarce, Self.nearlyFull:
            let words = subject.split(separator: " ", maxSplits: 1)
            guard words.count == 2, let megabytes = Int64(words[0]) else { return nil }
            self = .scarceDisk(machine: String(words[1]), megabytes: megabytes, isNearlyFull: what == Self.nearlyFull)
        default: return nil
        }
    }
}

/// What each process sees at this moment, for the others. It goes with its process.
package enum NodeSightingsTable {
    /// - Parameter node: of one that has not said that it is alive nothing is kept.
    package static func replace(_ sightings: Set<Sighting>, of node: String, in tx: any WriteTransaction) throws {
        let rows: [Query] = sightings.map(\.columns).map { what, subject in
            """
            INSERT INTO node_sightings (node_id, what, subject)
            SELECT id, CAST(\(what) AS TEXT), CAST(\(subject) AS TEXT) FROM nodes WHERE id = \(node)
            """
        }
        _ = try tx.runAll(["DELETE FROM node_sightings WHERE node_id = \(node)"] + rows)
    }

    /// What those see that are alive.
    /// - Parameter left: the node whose word does not count: it knows better by itself.
    package static func alive(without left: String, in tx: any ReadTransaction) throws -> Set<Sighting> {
        let rows = try tx.rows(
            """
            SELECT what, subject FROM node_sightings JOIN nodes ON nodes.id = node_sightings.node_id
            WHERE nodes.seen_at > \(tx.engine.now) - \(NodesTable.patience.milliseconds) AND nodes.id <> \(left)
            """)
        return Set(try rows.compactMap { Sighting(try $0.text(0), try $0.text(1)) })
    }
}
