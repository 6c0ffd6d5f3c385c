import Core
import Crypto
import Database
import Glibc
import Messaging
import SQL
import Store

/// Says in the database that this process is alive, and with which master keys.
struct NodeBeat: Sendable {
    /// Several within `NodesTable.patience`, so that a slow moment is not taken for death.
    static let interval = Timestamp.Span.seconds(5)

    private let host: Host

    init(_ host: Host) { self.host = host }

    /// The first beat, before any work is begun.
    func begin() throws {
        if host.database.engine == .sqlite { try host.database.write { tx in try NodesTable.removeAll(in: tx) } }
        try beat()
    }

    func beat() throws {
        let (node, now) = (host.node, host.clock.now())
        try host.database.writeBatch { tx in try NodesTable.beat(node, clock: now, in: tx) }
    }

    /// Without the database it is forgotten after a while anyway.
    func leave() {
        let id = host.messaging.owner
        do {
            try host.database.writeBatch { tx in try NodesTable.leave(id, in: tx) }
        } catch {
            host.log.warning("left without a word", ["error": .error(error)])
        }
    }
}

extension Host {
    /// This process, as the others see it.
    var node: Node {
        Node(
            id: messaging.owner, name: Self.processName, role: options.role, version: Version.text,
            keys: sealer.keys.map(\.id))
    }

    /// `shop-1 4711`: the machine's name and the process id.
    static let processName: String = {
        var name = [CChar](repeating: 0, count: 256)
        let isKnown = gethostname(&name, name.count - 1) == 0
        let machine =
            isKnown ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : ""
        return (machine.isEmpty ? "unnamed" : machine) + " \(getpid())"
    }()
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
