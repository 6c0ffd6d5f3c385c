import Core
import Database
import SQL
import TestSupport

/// Says what the nodes of a cluster are at, as the database has it.
struct ClusterWatch {
    private let cluster: Cluster
    private let database: Database

    init(_ cluster: Cluster) throws {
        self.cluster = cluster
        database = try Database(
            DatabaseLocation(parsing: cluster.postgres.address), clock: SystemClock(), log: TestDatabase.quiet)
    }

    /// The worker that holds the only sending number; nil while it is nobody's.
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

    /// Whether a node has begun to change something and has not ended it. It is to be frozen meanwhile, or the answer is
    /// old when it comes.
    func isChangingSomething(_ node: ClusterNode) throws -> Bool {
        try database.read { tx in
            try tx.count(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE application_name = \(node.session) AND backend_xid IS NOT NULL
                """
            ) > 0
        }
    }
}
