import Core
import Database
import SQL
import TestSupport

/// Says which worker of a cluster may send, as the database has it.
struct NumberWatch {
    private let cluster: Cluster
    private let database: Database

    init(_ cluster: Cluster) throws {
        self.cluster = cluster
        database = try Database(
            DatabaseLocation(parsing: cluster.postgres.address), clock: SystemClock(), log: TestDatabase.quiet)
    }

    /// The holder of the only sending number; nil while it is nobody's.
    func holder() throws -> ClusterNode? {
        let name = try database.read { tx in
            try tx.first(
                """
                SELECT nodes.name FROM leases JOIN nodes ON nodes.id = leases.owner
                WHERE leases.name LIKE 'dispatch:%' AND leases.held_until > \(tx.engine.now)
                """
            )?.text(0)
        }
        // A node is called after its machine and its process.
        return cluster.workers.first { node in
            node.pid.map { pid in name?.split(whereSeparator: { !$0.isNumber }).last == Substring(String(pid)) }
                ?? false
        }
    }
}
