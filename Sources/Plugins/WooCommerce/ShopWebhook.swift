import Core
import HTTP
import PluginKit
import Text

/// Takes WooCommerce's webhooks: checks the signature over the raw bytes, stores, answers 200. What a delivery says
/// is read afterwards, because WooCommerce never repeats one and switches a webhook off after a few failures.
struct ShopWebhook: Sendable {
    static let endpoint = "woocommerce"
    /// Bytes; recorded orders have some 4,000.
    static let bodyLimit = 5 << 20

    let settings: any SettingsReader
    let deliveries: any Deliveries
    let ear: HookEar

    func answer(_ request: Request) throws -> Response {
        if let webhook = ping(request) {
            ear.ping(webhook)
            return .text("ok\n")
        }
        guard let secret = settings[WooCommerceSettings.webhookSecret], !secret.isEmpty else {
            let isSealedAway = !settings.unreadable([WooCommerceSettings.webhookSecret.key]).isEmpty
            deliveries.countRefusal(endpoint: Self.endpoint, reason: isSealedAway ? "secret_unreadable" : "no_secret")
            var response = Response.text("no webhook secret is set\n", status: 503)
            response.headers["Retry-After"] = "300"
            return response
        }
        guard let signature = request.headers[Self.signatureField] else { return refuse("signature_missing") }
        guard WebhookSecret(secret).isValid(signature, for: request.body) else { return refuse("signature_wrong") }
        let topic = String((request.headers["X-WC-Webhook-Topic"] ?? "").prefix(100))
        try deliveries.store(
            endpoint: Self.endpoint, topic: topic, headers: kept(request.headers), body: request.body,
            lane: lane(topic: topic, body: request.body))
        ear.delivery(request.headers["X-WC-Webhook-ID"])
        return .text("ok\n")
    }

    /// The webhook that pings: once, while it is made, without signature or any X-WC field, `webhook_id=15`.
    private func ping(_ request: Request) -> String? {
        guard request.headers[Self.signatureField] == nil, request.body.count < 40 else { return nil }
        let fields = request.form.pairs
        guard fields.count == 1, fields[0].name == "webhook_id", let id = Int(fields[0].value) else { return nil }
        return String(id)
    }

    private func refuse(_ reason: String) -> Response {
        deliveries.countRefusal(endpoint: Self.endpoint, reason: reason)
        return .text("the signature is missing or wrong\n", status: 401)
    }

    /// What cannot be read needs no order of work.
    private func lane(topic: String, body: [UInt8]) -> String? {
        guard let topic = ShopTopic(topic), let id = (try? JSON(parsing: body))?["id"].stringOrNumber else {
            return nil
        }
        return topic.lane(id: id)
    }

    private func kept(_ headers: Headers) -> [(String, String)] {
        Self.keptFields.compactMap { name in headers[name].map { (name, $0) } }
    }

    private static let signatureField = "X-WC-Webhook-Signature"
    /// The delivery id is only shown: WooCommerce gives one id to all deliveries of a webhook within a second.
    private static let keptFields = [
        "Content-Type", "User-Agent", "X-WC-Webhook-Source", "X-WC-Webhook-Topic", "X-WC-Webhook-Resource",
        "X-WC-Webhook-Event", "X-WC-Webhook-ID", "X-WC-Webhook-Delivery-ID",
    ]
}
