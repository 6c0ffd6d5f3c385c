import Core
import Crypto
import Database
import Glibc
import Messaging
import SQL
import Store

/// Says in the database that this process is alive, with which master keys, and what it has met.
package struct NodeBeat: Sendable {
    /// Several within `NodesTable.patience`, so that a slow moment is not taken for death.
    static let interval = Timestamp.Span.seconds(5)

    private let host: Host

    package init(_ host: Host) { self.host = host }

    /// The first beat, before any work is begun.
    package func begin() throws {
        if host.database.engine == .sqlite { try host.database.write { tx in try NodesTable.removeAll(in: tx) } }
        try beat()
    }

    package func beat() throws {
        // The machine's own clock, which others are to agree with.
        let (node, sightings, now) = (host.node, host.ownSightings, SystemClock().now())
        try host.database.writeBatch { tx in
            try NodesTable.beat(node, clock: now, in: tx)
            try NodeSightingsTable.replace(sightings, of: node.id, in: tx)
        }
    }

    /// After the last work. Without the database all of it is forgotten after a while anyway.
    package func leave() {
        let id = host.messaging.owner
        do {
            try host.database.writeBatch { tx in
                try LeasesTable.endAll(of: id, in: tx)
                try NodesTable.leave(id, in: tx)
            }
        } catch {
            host.log.warning("left without a word", ["error": .error(error)])
        }
    }
}

extension Host {
    /// This process, as the others see it: `shop-1 4711`.
    var node: Node {
        Node(
            id: messaging.owner, name: "\(MachineName.current) \(getpid())", role: options.role, version: Version.text,
            keys: sealer.keys.map(\.id))
    }
}

extension HostOptions {
    var role: Node.Role {
        switch (serves, workers) {
        case (true, true): .serve
        case (true, false): .web
        case (false, _): .worker
        }
    }
}
