import Core
import HTTP
import Synchronization
import TestSupport

/// A shop that takes orders at a steady rate for a while and tells of them, of some twice: when they are taken and when
/// they are sent. It tells until it is heard, by webhook or by the API. On a machine that is too slow for its rate it
/// takes fewer.
final class ClusterShop: Sendable {
    enum Step: String, Sendable { case taken = "processing", sent = "completed" }

    private struct Told: Sendable {
        var order: Int
        var step: Step
    }

    /// Of each 4th order it also tells that it was sent, a little later.
    private static func isSentLater(_ order: Int) -> Bool { order % 4 == 1 }
    /// Of each 8th order both are told at once, so that they race: the earlier one may come too late to be news.
    static func isRacing(_ order: Int) -> Bool { order % 8 == 7 }
    static func isSent(_ order: Int) -> Bool { isSentLater(order) || isRacing(order) }
    /// Each 3rd order comes as a webhook of WooCommerce.
    private static func isWebhook(_ order: Int) -> Bool { order % 3 == 2 }

    private struct Opening {
        var end = Timestamp.Span.zero
        /// Orders that were taken, as many as were due by the end on a machine that is fast enough.
        var taken = 0
        var start = Timestamp.Span.zero
        var lastHeard = Timestamp.Span.zero
    }

    /// So long after its time it takes the orders that were due: what befalls the nodes kept them waiting.
    private static let catchingUp = Timestamp.Span.seconds(10)

    let perSecond: Int
    private let span: Timestamp.Span
    private let front: FrontOfCluster
    private let token: String
    private let webhook: WooCommerceReplay
    private let queue = DueQueue<Told>()
    private let clock = SystemClock()
    private let opened = SystemClock().now()
    private let opening = Mutex(Opening())

    /// Their numbers go from 0 up to this.
    var orders: Int { opening.withLock { $0.taken } }
    /// How many were due.
    var due: Int { perSecond * Int(span.milliseconds) / 1000 }
    /// How many new orders were heard a second, from the first to the last.
    var rate: Int {
        let span = opening.withLock { $0.lastHeard - $0.start }
        return orders * 1000 / Int(max(1, span.milliseconds))
    }

    init(ordersPerSecond perSecond: Int, lasting span: Timestamp.Span, front: FrontOfCluster, token: String) throws {
        guard let webhook = WooCommerceReplay.fixture("010-order.created") else {
            throw ProcessFailure("the webhook to imitate is not there")
        }
        (self.perSecond, self.span) = (perSecond, span)
        self.front = front
        self.token = token
        self.webhook = webhook
    }

    /// Takes orders for its time; returns when each is heard.
    func open() throws {
        let start = clock.sinceBoot()
        opening.withLock { $0 = Opening(end: start + span + Self.catchingUp, start: start, lastHeard: start) }
        // From the last to the first: each is put before those that stand there.
        for order in (0..<due).reversed() {
            let due = start + .milliseconds(Int64(order) * 1000 / Int64(perSecond))
            queue.add(Told(order: order, step: .taken), due: due)
            if Self.isRacing(order) { queue.add(Told(order: order, step: .sent), due: due) }
        }
        queue.close()
        try Concurrently.run(32) { _ in
            while let told = self.queue.take()?.first {
                if self.takes(told.order) { self.tell(told) }
                self.queue.done()
            }
        }
    }

    /// After its time it takes no more, but goes on with those that it has taken.
    private func takes(_ order: Int) -> Bool {
        let now = clock.sinceBoot()
        return opening.withLock { opening in
            guard now < opening.end || order < opening.taken else { return false }
            opening.taken = max(opening.taken, order + 1)
            return true
        }
    }

    private func tell(_ told: Told) {
        while !isHeard(told) {}
        guard told.step == .taken else { return }
        let now = clock.sinceBoot()
        opening.withLock { $0.lastHeard = now }
        if Self.isSentLater(told.order) {
            queue.add(Told(order: told.order, step: .sent), due: now + .milliseconds(.random(in: 200...3000)))
        }
    }

    /// One try. Each order that is told again is told in the same words, as shops do.
    private func isHeard(_ told: Told) -> Bool {
        let changed = opened - .minutes(10) + .seconds(told.step == .taken ? 0 : 60)
        let answer =
            if Self.isWebhook(told.order) {
                sendWebhook(told, changed: changed)
            } else {
                front.send(
                    "/api/v1/orders", json: json(told, changed: changed),
                    headers: ["Idempotency-Key": "\(told.order)-\(told.step)"], token: token)
            }
        return answer?.status == 200 || answer?.status == 201
    }

    private func sendWebhook(_ told: Told, changed: Timestamp) -> OutboundResponse? {
        let time = changed.rfc3339.prefix(19)
        let body = """
            {"id":\(told.order),"number":"\(told.order)","status":"\(told.step.rawValue)","currency":"USD",
            "date_created_gmt":"\((opened - .minutes(10)).rfc3339.prefix(19))","date_modified_gmt":"\(time)",
            "total":"29.90","customer_id":0,"order_key":"wc_order_\(told.order)","billing":{"first_name":"Ana",
            "last_name":"Pérez","country":"US","email":"","phone":"\(Self.phone(told.order))"},"shipping":{},
            "payment_method":"cod","meta_data":[],"line_items":[],"shipping_lines":[],"refunds":[]}
            """
        let signed = webhook.with(body: Array(body.utf8)).signed(Cluster.webhookSecret)
        return front.send("/hooks/woocommerce", body: signed.body, headers: signed.headers)
    }

    private func json(_ told: Told, changed: Timestamp) -> String {
        """
        {"id":"\(told.order)","number":"\(told.order)","status":"\(told.step.rawValue)",
        "created_at":"\((opened - .minutes(10)).rfc3339)","updated_at":"\(changed.rfc3339)",
        "total":{"amount":"29.90","currency":"USD"},"customer":{"first_name":"Ana","last_name":"Pérez",
        "phone":"\(Self.phone(told.order))","country":"US"},"items":[]}
        """
    }

    /// Ten area codes, in each the hundred numbers that are kept for fiction.
    private static func phone(_ order: Int) -> String {
        let areas = [202, 206, 212, 213, 214, 215, 216, 217, 218, 219]
        return "+1\(areas[order / 100 % 10])5550\(order % 100 + 100)"
    }
}
