import Core
import Domain
import Store
import Testing

/// The table of what an arriving order means.
@Suite struct OrderComparisonTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let known: Order?
        let order: Order
        var arrivesBefore = false
        let result: OrderComparison

        var testDescription: String { name }
    }

    private static let refund = Refund(externalID: "9", amount: Money(minorUnits: 500, currency: "EUR"))
    private static let rest = Refund(externalID: "10", amount: Money(minorUnits: 2490, currency: "EUR"))
    private static let older = Host.now - .seconds(1)

    private static func news(_ kinds: [OrderEvent.Kind]) -> OrderComparison { .news(kinds, isBackfill: false) }

    static let cases: [Case] = [
        Case(
            name: "first sight, paid", known: nil, order: .sample(),
            result: news([.placed, .status("processing"), .paid])),
        Case(
            name: "first sight, waiting for the transfer", known: nil, order: .sample(status: "on-hold"),
            result: news([.placed, .status("on-hold")])),
        Case(
            name: "first sight of a failed one", known: nil, order: .sample(status: "failed"),
            result: news([.status("failed")])),
        Case(
            name: "first sight with tracking and a refund", known: nil,
            order: .sample(status: "completed", refunds: [refund], tracking: "1Z"),
            result: news([.placed, .status("completed"), .paid, .shipped, .partialRefund(refundID: "9")])),
        Case(
            name: "first sight at the window's edge", known: nil, order: .sample(at: Host.now - .hours(24)),
            result: news([.placed, .status("processing"), .paid])),
        Case(
            name: "first sight of an old one", known: nil, order: .sample(at: Host.now - .hours(24) - .seconds(1)),
            result: .news([], isBackfill: true)),
        Case(name: "a draft", known: nil, order: .sample(status: "checkout-draft"), result: .ignored),
        Case(name: "trash never seen", known: nil, order: .sample(status: "trash"), result: .ignored),
        Case(
            name: "a draft over a known one", known: .sample(at: older), order: .sample(status: "auto-draft"),
            result: .ignored),
        Case(
            name: "trash of a known one", known: .sample(at: older), order: .sample(status: "trash"), result: .removed),
        Case(name: "the same again", known: .sample(), order: .sample(), result: news([])),
        Case(
            name: "an older state", known: .sample(), order: .sample(status: "on-hold", at: older), result: .stale),
        Case(
            name: "an older state goes to the trash no more", known: .sample(),
            order: .sample(status: "trash", at: older), result: .stale),
        Case(
            name: "equal times, arrives later", known: .sample(status: "on-hold"), order: .sample(),
            result: news([.status("processing"), .paid])),
        Case(
            name: "equal times, arrives earlier", known: .sample(), order: .sample(status: "on-hold"),
            arrivesBefore: true, result: .stale),
        Case(
            name: "paid to completed is paid once", known: .sample(at: older), order: .sample(status: "completed"),
            result: news([.status("completed")])),
        Case(
            name: "a known order that is old still tells its change",
            known: .sample(status: "on-hold", at: Host.now - .days(9)), order: .sample(at: Host.now - .days(8)),
            result: news([.status("processing"), .paid])),
        Case(
            name: "tracking appears", known: .sample(at: older), order: .sample(tracking: "1Z"),
            result: news([.shipped])),
        Case(
            name: "tracking changes", known: .sample(at: older, tracking: "1Z"), order: .sample(tracking: "2Z"),
            result: news([.parcel(number: "2Z")])),
        Case(
            name: "two parcels more", known: .sample(at: older, tracking: "1Z"),
            order: .sample(tracking: "1Z, 2Z,3Z"),
            result: news([.parcel(number: "2Z"), .parcel(number: "3Z")])),
        Case(
            name: "two parcels at once are shipped once", known: .sample(at: older),
            order: .sample(tracking: "1Z, 2Z"), result: news([.shipped])),
        Case(
            name: "a parcel less", known: .sample(at: older, tracking: "1Z, 2Z"), order: .sample(tracking: "2Z"),
            result: news([])),
        Case(
            name: "an empty tracking number is none", known: .sample(at: older), order: .sample(tracking: ""),
            result: news([])),
        Case(
            name: "a part comes back", known: .sample(at: older), order: .sample(refunds: [refund]),
            result: news([.partialRefund(refundID: "9")])),
        Case(
            name: "a refund seen before", known: .sample(at: older, refunds: [refund]),
            order: .sample(refunds: [refund]), result: news([])),
        Case(
            name: "the rest comes back", known: .sample(at: older, refunds: [refund]),
            order: .sample(status: "refunded", refunds: [refund, rest]), result: news([.status("refunded")])),
        Case(
            name: "all came back, the status not yet", known: .sample(at: older, refunds: [refund]),
            order: .sample(refunds: [refund, rest]), result: news([])),
    ]

    @Test(arguments: cases)
    func `what an order tells`(_ example: Case) {
        let known = example.known.map { order in
            KnownOrder(
                stored: StoredOrder(
                    id: ID(1), contactID: nil, phoneProblem: nil, isRemoved: false, firstSeenAt: Host.now,
                    order: order), arrival: ID(10))
        }
        let result = OrderComparison.of(
            example.order, arrival: ID(example.arrivesBefore ? 9 : 11), known: known, now: Host.now,
            window: .hours(24))
        #expect(result == example.result)
    }
}
