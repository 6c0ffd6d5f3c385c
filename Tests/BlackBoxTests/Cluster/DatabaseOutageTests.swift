import Core
import TestSupport
import Testing

/// What the nodes and those who call them see of a PostgreSQL that goes away under them.
extension `Several nodes on one database` {
    private static let outages = ClusterRun.number("CARTWRIGHT_TEST_CLUSTER_OUTAGES") ?? 1

    @Test func `go on by themselves when it is restarted, killed and frozen`() throws {
        // The shop waits longer than any answer may take, so that one that never comes is seen as what it is.
        let run = try ClusterRun(
            ordersPerSecond: 60, lasting: .seconds(45 * Int64(Self.outages)), pace: 240, deadline: .seconds(25))
        defer { run.cluster.end() }
        let postgres = run.cluster.postgres
        try run.go {
            for _ in 0..<Self.outages {
                run.pause(.seconds(3))
                run.say("PostgreSQL restarts")
                try postgres.restart()
                run.pause(.seconds(3))
                run.say("PostgreSQL is killed")
                postgres.kill()
                run.pause(.seconds(2))
                try postgres.start()
                run.pause(.seconds(3))
                run.say("PostgreSQL freezes")
                postgres.pause()
                run.pause(.seconds(20))
                postgres.resume()
                run.pause(.seconds(3))
            }
        }
        let answers = run.front.answers
        #expect(answers.lost == 0, "requests without an answer")
        #expect(answers.statuses[503, default: 0] > 0, "the outages met no request")
        // A little over what a server may be silent, and far shorter than the frost: nobody waits until it thaws.
        #expect(answers.slowest < .seconds(12), "the slowest answer took \(answers.slowest.milliseconds) ms")
        // Work that met the outage says so, and is done later.
        try run.judge { $0.hasPrefix("{") && !$0.contains("request failed") }
    }
}
