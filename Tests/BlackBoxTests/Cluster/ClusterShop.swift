import Core
import HTTP
import Synchronization
import TestSupport

/// A shop that tells of its orders at a steady pace, of some twice: when they are taken and when they are sent. It
/// tells until it is heard, by webhook or by the API.
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

    let orders: Int
    private let front: FrontOfCluster
    private let token: String
    private let webhook: WooCommerceReplay
    private let queue = DueQueue<Told>()
    private let clock = SystemClock()
    private let opened = SystemClock().now()
    private let opening = Mutex((start: Timestamp.Span.zero, lastHeard: Timestamp.Span.zero))

    /// How many new orders were heard a second, from the first to the last.
    var rate: Int {
        let span = opening.withLock { $0.lastHeard - $0.start }
        return orders * 1000 / Int(max(1, span.milliseconds))
    }

    init(orders: Int, front: FrontOfCluster, token: String) throws {
        guard let webhook = WooCommerceReplay.fixture("010-order.created") else {
            throw ProcessFailure("the webhook to imitate is not there")
        }
        self.orders = orders
        self.front = front
        self.token = token
        self.webhook = webhook
    }

    /// Tells of all orders, at `perSecond` new ones; returns when each is heard.
    func open(perSecond: Int) throws {
        let start = clock.sinceBoot()
        opening.withLock { $0 = (start, start) }
        // From the last to the first: each is put before those that stand there.
        for order in (0..<orders).reversed() {
            let due = start + .milliseconds(Int64(order) * 1000 / Int64(perSecond))
            queue.add(Told(order: order, step: .taken), due: due)
            if Self.isRacing(order) { queue.add(Told(order: order, step: .sent), due: due) }
        }
        queue.close()
        try Concurrently.run(32) { _ in
            while let told = self.queue.take()?.first {
                while !self.isHeard(told) {}
                if told.step == .taken { self.opening.withLock { $0.lastHeard = self.clock.sinceBoot() } }
                if told.step == .taken, Self.isSentLater(told.order) {
                    self.queue.add(
                        Told(order: told.order, step: .sent),
                        due: self.clock.sinceBoot() + .milliseconds(.random(in: 200...3000)))
                }
                self.queue.done()
            }
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
