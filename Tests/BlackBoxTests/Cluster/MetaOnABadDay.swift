import Core
import HTTP
import Synchronization
import TestSupport

/// The Meta double as a busy provider: it takes its time, refuses, fails, hangs up now and then, and reports of what it
/// took by webhooks to any web node: before its own answer, twice, and in any order.
final class MetaOnABadDay: Sendable {
    private static let statuses = ["sent", "delivered", "read"]

    let double: MetaDouble
    private let reports: DueQueue<MetaStatus>
    private let reporters = Mutex<Concurrently?>(nil)

    init(seed: UInt64) throws {
        let reports = DueQueue<MetaStatus>()
        let random = Mutex(SeededRandom(seed: seed))
        let clock = SystemClock()
        let never = Monitor(())
        self.reports = reports
        double = try MetaDouble(
            clock: clock,
            templates: [
                MetaTemplate(id: "1", name: "order_update", language: "en", body: "Order {{1}} is on its way.")
            ],
            habit: { random.withLock { Self.reply(&$0) } },
            beforeAnswer: { send in
                let (delay, plan) = random.withLock { random in
                    (
                        Int64.random(in: 5...(random.chance(3) ? 1500 : 120), using: &random),
                        Self.plan(send, clock, &random)
                    )
                }
                for (status, due) in plan { reports.add(status, due: due) }
                _ = never.wait(atMost: .milliseconds(delay)) { _ in Void?.none }
            })
    }

    /// Every report has been taken by somebody.
    var hasReported: Bool { reports.isIdle }

    /// Reports until `stop`, each until it is taken.
    func report(to front: FrontOfCluster) throws {
        let (double, reports) = (double, reports)
        let started = try Concurrently(6) { _ in
            while let due = reports.take(most: 20) {
                let webhook = double.webhook(statuses: due)
                while front.send("/hooks/meta", body: webhook.body, headers: webhook.headers)?.status != 200 {}
                reports.done(due.count)
            }
        }
        reporters.withLock { $0 = started }
    }

    func stop() throws {
        reports.close()
        try reporters.withLock { $0.take() }?.finish()
    }

    private static func reply(_ random: inout SeededRandom) -> MetaReply {
        switch Int.random(in: 0..<1000, using: &random) {
        case 0..<8: .error(130429)
        case 8..<14: .error(131000)
        case 14..<19: .reset
        case 19..<22: .close
        case 22..<25: .bare(502)
        default: .ok
        }
    }

    /// When each status of a message is reported, some of them twice; nothing of one that was refused.
    private static func plan(
        _ send: MetaSend, _ clock: SystemClock, _ random: inout SeededRandom
    ) -> [(MetaStatus, due: Timestamp.Span)] {
        guard let id = send.id else { return [] }
        let (now, start) = (clock.now(), clock.sinceBoot())
        var plan: [(MetaStatus, due: Timestamp.Span)] = []
        for (number, word) in statuses.enumerated() {
            let status = MetaStatus(
                id: id, word, recipient: String(send.to.dropFirst()), at: now + .seconds(Int64(number)),
                callbackData: send.callbackData)
            for _ in 0..<(random.chance(5) ? 2 : 1) {
                plan.append(
                    (status, start + .milliseconds(.random(in: 0...(random.chance(20) ? 20 : 2000), using: &random))))
            }
        }
        return plan
    }
}
