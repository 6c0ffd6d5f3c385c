import Core
import Glibc
import TestSupport
import Testing

/// kill -9 in the middle of the work, as a power cut does it: nobody is forgotten, and whoever may have had a message
/// twice is marked.
@Suite(.serialized) struct `A server that is killed` {
    static let orders = 1000
    /// One run has two kills; `scripts/soak/kills.sh` asks for more runs.
    static let runs = getenv("CARTWRIGHT_TEST_KILL_RUNS").flatMap { Int(String(cString: $0)) } ?? 1

    @Test(arguments: 1...runs)
    func `has one message for each of 1,000 orders, or one that says it may be there twice`(run: Int) throws {
        let double = try MetaDouble(
            clock: SystemClock(),
            templates: [MetaTemplate(id: "1", name: "order_update", language: "en", body: "Order {{1}} is on its way.")]
        )
        let shop = try KillableShop(sendingTo: double)
        let customers = try Concurrently(16) { number in
            for order in stride(from: number, to: Self.orders, by: 16) { try shop.place(order) }
        }
        for fraction in [Int.random(in: 50..<400), Int.random(in: 450..<900)] {
            // Each wait has a limit of its own, too short for a busy machine.
            try #require((0..<6).contains { _ in double.wait(forRequests: fraction) })
            try shop.killAndRestart()
        }
        try customers.finish()
        let messages = try shop.settle()
        #expect(try shop.stop() == .exited(0))

        var sends: [String: Int] = [:]
        for send in double.sends {
            let message = (send.callbackData ?? "").prefix { $0 != "." }
            sends[String(message), default: 0] += 1
        }
        #expect(double.violations.isEmpty)
        #expect(Set(messages.map(\.orderNumber)) == Set((0..<Self.orders).map(String.init)))
        #expect(messages.count == Self.orders)
        for message in messages {
            let count = sends[message.id, default: 0]
            let isMarked = message.isPossibleDuplicate
            let place = Comment(rawValue: "order \(message.orderNumber), sent \(count) times")
            #expect(message.status == "accepted" || (message.status == "unknown" && isMarked), place)
            #expect(count == 1 || (count == 2 && isMarked) || (count == 0 && message.status == "unknown"), place)
        }
        // Nothing was sent that is not in the ledger.
        #expect(Set(sends.keys).isSubset(of: Set(messages.map(\.id))))
    }
}
