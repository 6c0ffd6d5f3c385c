import Core
import Crypto
import Database
import DemoShop
import MetaCloudAPI
import OrderNotifications
import SQL
import Sandbox
import Store
import TestSupport
import Testing
import WooCommerce

@testable import App

/// A shop whose every table has rows, about to be moved.
struct MovingHouse {
    let bench: CommandBench
    var source: String { bench.data + "/cartwright.db" }

    init() throws {
        bench = try CommandBench(plugins: [
            WooCommercePlugin(), MetaCloudAPIPlugin(), SandboxPlugin(), OrderNotificationsPlugin(), DemoShopPlugin(),
        ])
    }

    /// Puts rows into every table that has none, but those of the nodes and the mark: one would look alive, one held.
    /// - Parameter more: how many plain rows each table gets beside those with edges.
    func fill(more: Int = 20) throws {
        #expect(bench("settings", "set", "meta.access_token", "--stdin", input: "secret").status == 0)
        let foundation = try bench.open()
        defer { foundation.database.close() }
        let edges = try EdgeRows(of: foundation.database, more: more)
        for shape in try foundation.database.tables()
        where !["nodes", "node_sightings", "instance"].contains(shape.name) {
            guard try foundation.database.read({ try TableRows.count(of: shape, in: $0) }) == 0 else { continue }
            let rows = edges.rows(of: shape)
            try foundation.database.load { tx in
                try TableRows.insert(rows, into: shape, in: tx)
                if !shape.selfReferences.isEmpty { try TableRows.link(rows, of: shape, in: tx) }
            }
        }
    }

    /// Moves everything, in process.
    /// - Parameter watch: what it throws ends the move there.
    func move(
        from: DatabaseLocation? = nil, to target: DatabaseLocation, options: DatabaseOptions = DatabaseOptions(),
        watch: @escaping @Sendable (String) throws -> Void = { _ in }
    ) throws {
        var host = HostOptions()
        host.data = bench.data
        let clock = FixedClock(CommandBench.now)
        let places = try MovePlaces(
            from: from ?? .file(source), to: target, key: KeyFile(path: host.keyPath), plugins: bench.plugins,
            clock: clock, log: TestDatabase.quiet, targetOptions: options)
        // One that cannot begin leaves nothing open either.
        defer { places.close() }
        let terminal = Terminal(write: { _ in }, complain: { _ in }, read: { [] })
        var move = try DatabaseMove(
            places, progress: MoveProgress(terminal, clock: clock, watch: watch), clock: clock)
        _ = try move.run()
    }

    /// The tables in which a move leaves its own mark.
    static let marked = ["audit", "instance", "revisions"]

    func digests(_ location: DatabaseLocation, without left: [String] = marked) throws -> [String: TableDigest] {
        let database = try Database(location, clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        return try database.snapshot { tx in
            var digests: [String: TableDigest] = [:]
            for shape in try Database.tables(in: tx) where !left.contains(shape.name) {
                digests[shape.name] = try TableDigest.of(shape, in: tx)
            }
            return digests
        }
    }
}
