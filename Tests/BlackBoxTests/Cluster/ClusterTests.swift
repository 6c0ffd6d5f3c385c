import Core
import TestSupport
import Testing

/// Two web nodes and two workers on one PostgreSQL. `scripts/soak/cluster.sh` has them run longer.
@Suite(.serialized) struct `Several nodes on one database` {
    private static let seconds = ClusterRun.number("CARTWRIGHT_TEST_CLUSTER_SECONDS") ?? 20
    /// Far below what the orders of a second make, so that the pace is what everything waits for.
    private static let pace = ClusterRun.number("CARTWRIGHT_TEST_CLUSTER_PACE") ?? 100

    @Test func `killed, stopped and frozen at random lose no order, and tell of each as often as they say`() throws {
        let run = try ClusterRun(
            ordersPerSecond: 200, lasting: .seconds(Int64(Self.seconds)), pace: Self.pace, deadline: .seconds(3))
        defer { run.cluster.end() }
        let disruptions = try Disruptions(
            run.cluster, longestFreeze: .seconds(min(20, max(5, Int64(Self.seconds) / 3))))
        try run.go {
            try disruptions.run(lasting: .seconds(Int64(Self.seconds)), seed: run.seed)
        }
        run.say(disruptions.tally.summary)
        #expect(disruptions.tally.wanting.isEmpty, "with CARTWRIGHT_TEST_SEED=\(run.seed)")
        try run.judge()
    }
}
