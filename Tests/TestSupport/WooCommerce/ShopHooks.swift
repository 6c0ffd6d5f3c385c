import Core
import Crypto
package import HTTP

/// A webhook on its way out of the doubled shop.
package struct ShopDelivery: Sendable {
    package let url: String
    /// `order.created`; `ping` for the one that is sent when a webhook is made.
    package let topic: String
    package let headers: Headers
    package let body: [UInt8]
}

/// The shop's webhooks, what waits to be delivered, and how deliveries went.
///
/// As in WooCommerce: pending deliveries of one webhook and resource are one, none is ever tried again, the seventh
/// failure in a row switches a webhook off, any success sets the count to zero, and switching on again does not.
struct ShopHooks {
    enum Subject: Equatable {
        case resource(Int)
        /// What a WordPress action was called with.
        case action(ShopValue)
    }

    struct Hook {
        var value: ShopValue
        var secret: String
        var failures = 0

        var isActive: Bool { value["status"].string == "active" }
    }

    struct Pending: Equatable {
        let hook: Int
        let topic: String
        let subject: Subject
    }

    static let resources = ["order", "customer", "coupon", "product"]
    static let events = ["created", "updated", "deleted", "restored"]

    var hooks: [Int: Hook] = [:]
    private(set) var pending: [Pending] = []
    private(set) var lastID = 0

    static func isValid(topic: String) -> Bool {
        let parts = topic.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else { return false }
        return parts[0] == "action" || resources.contains(parts[0]) && events.contains(parts[1])
    }

    /// Nothing is kept for webhooks that are not active: what happens meanwhile is lost.
    mutating func enqueue(_ topic: String, _ subject: Subject) {
        for (id, hook) in hooks.sorted(by: { $0.key < $1.key })
        where hook.isActive && hook.value["topic"].string == topic {
            let new = Pending(hook: id, topic: topic, subject: subject)
            if !pending.contains(new) { pending.append(new) }
        }
    }

    mutating func takePending() -> [Pending] {
        defer { pending = [] }
        return pending
    }

    mutating func add(_ value: ShopValue, secret: String) -> ShopValue {
        lastID += 1
        var value = value
        value["id"] = .number(lastID)
        hooks[lastID] = Hook(value: value, secret: secret)
        return value
    }

    /// - Parameter status: nil when there was no answer at all.
    mutating func settle(_ id: Int, status: Int?) {
        guard var hook = hooks[id] else { return }
        if let status, (200..<300).contains(status) || status == 301 || status == 302 {
            hook.failures = 0
        } else if hook.failures > 5 {
            hook.value["status"] = .text("disabled")
        } else {
            hook.failures += 1
        }
        hooks[id] = hook
    }

    /// The request that Hookshot sends, signed with the webhook's secret.
    static func request(_ hook: Hook, topic: String, body: [UInt8], home: String, at now: Timestamp) -> ShopDelivery {
        let id = hook.value["id"].int ?? 0
        let parts = topic.split(separator: ".", maxSplits: 1).map(String.init)
        // One for all deliveries of a webhook within a second.
        let delivery = Signature(key: Secret("salt")).code(for: "\(id)\(now.milliseconds / 1000)").prefix(16)
        var headers = userAgent
        headers["Content-Type"] = "application/json"
        headers["X-WC-Webhook-Source"] = home + "/"
        headers["X-WC-Webhook-Topic"] = topic
        headers["X-WC-Webhook-Resource"] = parts.first ?? ""
        headers["X-WC-Webhook-Event"] = parts.last ?? ""
        headers["X-WC-Webhook-Signature"] = Signature(key: Secret(hook.secret)).code(for: body).base64
        headers["X-WC-Webhook-ID"] = String(id)
        headers["X-WC-Webhook-Delivery-ID"] = Array(delivery).hex
        return ShopDelivery(url: hook.value["delivery_url"].string ?? "", topic: topic, headers: headers, body: body)
    }

    /// Unsigned, a form, and without any field of the others.
    static func ping(_ hook: Hook) -> ShopDelivery {
        var headers = userAgent
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        let id = hook.value["id"].int ?? 0
        return ShopDelivery(
            url: hook.value["delivery_url"].string ?? "", topic: "ping", headers: headers,
            body: Array("webhook_id=\(id)".utf8))
    }

    private static let userAgent: Headers = [
        "User-Agent": "WooCommerce/11.0.1 Hookshot (WordPress/7.0.4)", "Accept": "*/*",
    ]
}
