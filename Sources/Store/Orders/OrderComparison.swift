package import Core
package import Domain

/// What an arriving order means beside the one we know. Pure: the whole rule of "what changed" stands here.
///
///     unknown ──▶ ignored (draft, trash) · news (recorded only, when its last change is old)
///     known   ──▶ ignored (draft) · removed (trash) · stale (older, or of equal time and earlier arrival) · news
package enum OrderComparison: Sendable, Equatable {
    /// No order yet, or none any more: nothing is stored.
    case ignored
    /// The shop put it into the trash.
    case removed
    /// We know something newer: nothing changes.
    case stale
    /// To be stored; what happened may be nothing that anybody waits for.
    case news([OrderEvent.Kind], isBackfill: Bool)

    /// - Parameters:
    ///   - arrival: rises with each thing that the shop tells; of equal times of change the later arrival wins.
    ///   - window: `orders.first_sight_window`; an order first seen whose last change is older is only recorded.
    package static func of(
        _ order: Order, arrival: ID, known: KnownOrder?, now: Timestamp, window: Timestamp.Span
    ) -> OrderComparison {
        guard let known else {
            if drafts.contains(order.status) || order.status == trash { return .ignored }
            if order.updatedAt < now - window { return .news([], isBackfill: true) }
            return .news(firstSight(of: order), isBackfill: false)
        }
        let before = known.stored.order
        if drafts.contains(order.status) { return .ignored }
        if order.updatedAt < before.updatedAt { return .stale }
        if order.updatedAt == before.updatedAt, arrival < known.arrival { return .stale }
        if order.status == trash { return .removed }
        return .news(changes(from: before, to: order), isBackfill: false)
    }

    /// WordPress's and WooCommerce's words for what is no order yet.
    private static let drafts: Set<String> = ["checkout-draft", "auto-draft", "draft"]
    private static let trash = "trash"
    /// WooCommerce's `wc_get_is_paid_statuses`.
    private static let paid: Set<String> = ["processing", "completed"]
    /// First seen in one of these, an order has come and gone: nobody is told that it was placed.
    private static let ended: Set<String> = ["cancelled", "failed", "refunded"]

    private static func firstSight(of order: Order) -> [OrderEvent.Kind] {
        var kinds: [OrderEvent.Kind] = ended.contains(order.status) ? [] : [.placed]
        kinds.append(.status(order.status))
        if paid.contains(order.status) { kinds.append(.paid) }
        if isShipped(order) { kinds.append(.shipped) }
        return kinds + partialRefunds(of: order, known: [])
    }

    private static func changes(from before: Order, to order: Order) -> [OrderEvent.Kind] {
        var kinds: [OrderEvent.Kind] = []
        if order.status != before.status { kinds.append(.status(order.status)) }
        if paid.contains(order.status), !paid.contains(before.status) { kinds.append(.paid) }
        if isShipped(order), !isShipped(before) { kinds.append(.shipped) }
        return kinds + furtherParcels(of: order, before: before)
            + partialRefunds(of: order, known: Set(before.refunds.map(\.externalID)))
    }

    /// The first number beside a link that was there before is the same parcel, and no news.
    private static func furtherParcels(of order: Order, before: Order) -> [OrderEvent.Kind] {
        let known = Set(before.trackingNumbers)
        if known.isEmpty { return [] }
        return order.trackingNumbers.filter { !known.contains($0) }.map { .parcel(number: $0) }
    }

    private static func isShipped(_ order: Order) -> Bool {
        order.trackingNumber?.isEmpty == false || order.trackingURL?.isEmpty == false
    }

    private static func partialRefunds(of order: Order, known: Set<String>) -> [OrderEvent.Kind] {
        let refunded = order.refunds.reduce(0) { $0 + $1.amount.minorUnits }
        let isWhole = order.status == "refunded" || refunded >= order.total.minorUnits
        if isWhole { return [] }
        return order.refunds.filter { !known.contains($0.externalID) }.map { .partialRefund(refundID: $0.externalID) }
    }
}

/// An order as we have it, with its place among all that shops told us.
package struct KnownOrder: Sendable, Equatable {
    package var stored: StoredOrder
    package var arrival: ID

    package init(stored: StoredOrder, arrival: ID) {
        self.stored = stored
        self.arrival = arrival
    }
}
