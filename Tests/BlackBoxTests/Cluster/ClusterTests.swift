import Core
import TestSupport
import Testing

/// Two web nodes and two workers on one PostgreSQL. `scripts/soak/cluster.sh` has them run longer.
@Suite(.serialized) struct `Several nodes on one database` {
    private static let seconds = ClusterRun.number("CARTWRIGHT_TEST_CLUSTER_SECONDS") ?? 20

    @Test func `killed, stopped and frozen at random lose no order, and tell of each as often as they say`() throws {
        let rate = 200
        let run = try ClusterRun(orders: rate * Self.seconds, deadline: .seconds(3))
        defer { run.cluster.end() }
        let disruptions = Disruptions(
            run.cluster, longestFreeze: .seconds(min(20, max(5, Int64(Self.seconds) / 3))))
        try run.go(ordersPerSecond: rate) {
            try disruptions.run(lasting: .seconds(Int64(Self.seconds)), seed: run.seed)
        }
        run.say(disruptions.summary)
        try run.judge { _ in false }
    }
}
