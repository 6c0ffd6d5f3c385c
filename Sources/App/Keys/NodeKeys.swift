package import Core
package import Database
import SQL
import Store

/// Which master keys the nodes on a PostgreSQL database have loaded, as each says with its beat.
package struct NodeKeys {
    /// A node reads its key file every second and says so at once. One that has died, or hangs, counts as alive for
    /// `NodesTable.patience` and must not fail a rotation.
    private static let patience = NodesTable.patience + .seconds(5)
    private static let look = Timestamp.Span.milliseconds(200)

    private let database: Database
    private let patience: Timestamp.Span

    package init(_ database: Database, patience: Timestamp.Span? = nil) {
        self.database = database
        self.patience = patience ?? Self.patience
    }

    /// Returns once every node that is alive has the key.
    /// - Throws: what names those that do not in time.
    package func wait(for key: String) throws {
        let clock = SystemClock()
        let end = clock.sinceBoot() + patience
        while true {
            let without = try database.read { tx in try NodesTable.alive(in: tx) }.filter { !$0.keys.contains(key) }
            if without.isEmpty { return }
            guard clock.sinceBoot() < end else { throw Self.failure(without) }
            _ = Monitor(()).wait(atMost: Self.look) { _ in Optional<Void>.none }
        }
    }

    private static func failure(_ nodes: [Node]) -> CommandFailure {
        let names = nodes.map { "\($0.name) (\($0.role.rawValue))" }.joined(separator: ", ")
        return CommandFailure(
            "these processes have not read the new master key: \(names). Give all of them this key file, or stop "
                + "them, rotate, and copy the key file to them. Nothing was sealed anew; the old key goes on sealing")
    }
}
