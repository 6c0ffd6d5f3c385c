import Core
import Glibc
import HTTP
import TestSupport
import Testing

/// One run of the cluster with its shop and its provider, and the judgement at its end.
struct ClusterRun {
    let seed: UInt64
    /// How many messages may leave a second.
    let pace: Int
    let cluster: Cluster
    let front: FrontOfCluster
    let shop: ClusterShop
    let meta: MetaOnABadDay
    private let holdUps: HoldUps
    private let start = SystemClock().sinceBoot()

    /// A number of the environment, for longer runs and for those to be repeated.
    static func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

    /// - Parameters:
    ///   - ordersPerSecond: how many the shop takes, for as long as `span`.
    ///   - pace: how many messages may leave a second.
    ///   - deadline: how long shop and provider wait for an answer.
    init(ordersPerSecond: Int, lasting span: Timestamp.Span, pace: Int, deadline: Timestamp.Span) throws {
        self.pace = pace
        seed = Self.number("CARTWRIGHT_TEST_SEED").map { UInt64(max(0, $0)) } ?? .random(in: 0...999_999)
        print("cluster: CARTWRIGHT_TEST_SEED=\(seed)")
        holdUps = try HoldUps(over: .milliseconds(100))
        meta = try MetaOnABadDay(seed: seed)
        cluster = try Cluster(sendingTo: meta.double, perSecond: pace)
        front = FrontOfCluster(cluster.web, deadline: deadline)
        shop = try ClusterShop(
            ordersPerSecond: ordersPerSecond, lasting: span, front: front, token: cluster.token)
        say("the cluster stands")
    }

    func say(_ text: String) {
        let span = (SystemClock().sinceBoot() - start).milliseconds
        print("cluster: \(span / 1000).\(span % 1000 / 100) s: \(text)")
        // A soak is watched through a pipe.
        fflush(nil)
    }

    /// Lets the cluster work for so long.
    func pause(_ span: Timestamp.Span) { _ = Monitor(()).wait(atMost: span) { _ in Void?.none } }

    /// Has the shop take orders while `body` does what it does to the cluster, and waits until nothing is under way.
    func go(_ body: () throws -> Void) throws {
        do { try work(body) } catch {
            throw ProcessFailure("with CARTWRIGHT_TEST_SEED=\(seed): \(error)")
        }
    }

    private func work(_ body: () throws -> Void) throws {
        try meta.report(to: front)
        let telling = try Concurrently(1) { _ in try shop.open() }
        try body()
        say("all nodes are back")
        try telling.finish()
        say("\(shop.orders) of \(shop.due) orders taken, \(shop.rate) a second in place of \(shop.perSecond)")
        try cluster.wait(stillness: .seconds(90)) {
            let rest = try cluster.read { tx in try ClusterLedger.underWay(in: tx) }
            return meta.hasReported ? rest : rest + ["reports of the provider"]
        }
        say("nothing is under way")
    }

    /// Looks at everything, and stops the nodes.
    func judge(allowing expected: (String) -> Bool = { _ in false }) throws {
        let ledger = try cluster.read { tx in try ClusterLedger(tx) }
        let sends = meta.double.sends
        let timely = Pace.timely(sends, holdUps: try holdUps.stop())
        report(ledger, sends, timely)
        var findings = ledger.findings(orders: shop.orders, sends: sends) + meta.double.violations + front.answers.wrong
        let message = try #require(ledger.messages.first { $0.order == "0" })
        for node in cluster.web {
            findings += try ClusterPages(of: node)
                .findings(messages: ledger.states, order: "0", message: message.id).map {
                    "\(node.name): \($0)"
                }
        }
        try meta.stop()
        for node in cluster.nodes { try node.stop() }
        for node in cluster.nodes {
            let bad = node.logLines.filter { Self.isBad($0) && !expected($0) }
            findings += bad.map { "\(node.name): \($0)" }
        }
        // Requests are counted on arrival. They leave exactly spaced, but may wait a little on the way, in the kernel
        // or for the double's turn, and then arrive closer together: hence not quite a second.
        let most = Pace.most(of: timely, within: .milliseconds(900))
        if most > pace { findings.append("\(most) messages arrived within 0.9 s") }
        // Over a longer stretch such delays do not count.
        let mostOfTen = Pace.most(of: sends, within: .seconds(10))
        if mostOfTen > 10 * pace { findings.append("\(mostOfTen) messages arrived within 10 s") }
        let some = findings.prefix(25).joined(separator: "\n")
        #expect(findings.isEmpty, "with CARTWRIGHT_TEST_SEED=\(seed) \(findings.count) findings: \(some)")
    }

    private func report(_ ledger: ClusterLedger, _ sends: [MetaSend], _ timely: [MetaSend]) {
        let answers = front.answers
        let statuses = answers.statuses.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
        let slowest = "slowest \(answers.slowest.milliseconds) ms (\(answers.slowestCall))"
        say("answers: \(statuses.joined(separator: ", ")), \(answers.lost) lost, \(slowest)")
        let marked = ledger.messages.count(where: \.isPossibleDuplicate)
        let reached = Dictionary(grouping: sends.filter { $0.id != nil }) {
            ($0.callbackData ?? "").prefix { $0 != "." }
        }
        let most = Pace.most(of: timely, within: .milliseconds(900))
        let mostOfTen = Pace.most(of: sends, within: .seconds(10))
        let full = Pace.seconds(of: sends, withAtLeast: pace * 8 / 10)
        say(
            "\(ledger.messages.count) messages: \(ledger.states), \(marked) marked; \(sends.count) sends, "
                + "\(reached.count { $0.value.count > 1 }) messages twice; "
                + "at most \(most) within 0.9 s, \(sends.count - timely.count) not counted as the machine was held up, "
                + "\(mostOfTen) within 10 s; \(full.full) of \(full.all) seconds at the pace of \(pace)")
        var kinds: [String: Int] = [:]
        for line in cluster.nodes.flatMap(\.logLines) where Self.isBad(line) {
            let parts = line.split(separator: ",").filter { $0.contains("\"event\"") || $0.contains("\"error\"") }
            kinds[parts.joined(separator: ","), default: 0] += 1
        }
        for (kind, count) in kinds.sorted(by: { $0.value > $1.value }).prefix(12) { say("\(count) × \(kind)") }
    }

    /// Every error of the log, and what a crash says.
    private static func isBad(_ line: String) -> Bool {
        !line.hasPrefix("{") || line.contains(#""level":"error""#)
    }
}
