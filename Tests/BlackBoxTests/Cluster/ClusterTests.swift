import Core
import TestSupport
import Testing

/// Two web nodes and two workers on one PostgreSQL. `scripts/soak/cluster.sh` has them run longer.
@Suite(.serialized) struct `Several nodes on one database` {
    private static let seconds = ClusterRun.number("CARTWRIGHT_TEST_CLUSTER_SECONDS") ?? 8
    /// Far below what the orders of a second make, so that the pace is what everything waits for.
    private static let pace = ClusterRun.number("CARTWRIGHT_TEST_CLUSTER_PACE") ?? 60

    @Test func `killed, stopped and frozen at random lose no order, and tell of each as often as they say`() throws {
        let rate = 200
        let run = try ClusterRun(orders: rate * Self.seconds, pace: Self.pace, deadline: .seconds(3))
        defer { run.cluster.end() }
        let disruptions = Disruptions(
            run.cluster, longestFreeze: .seconds(min(20, max(5, Int64(Self.seconds) / 3))))
        try run.go(ordersPerSecond: rate) {
            try disruptions.run(lasting: .seconds(Int64(Self.seconds)), seed: run.seed)
        }
        run.say(disruptions.summary)
        // A node that is frozen in the middle of a transaction keeps others from its rows for a moment, and finds its
        // connection gone when it wakes. Such work says so, and is done later.
        try run.judge { $0.contains("lock timeout") || $0.contains("the connection ended") }
    }
}
