import Core
import Crypto
import HTTP

// Webhooks. The secret is taken and never shown.
extension ShopREST {
    func webhooks(
        _ request: ShopRequest, _ path: [String], _ state: inout ShopState
    ) throws(ShopError) -> ShopAnswer {
        if path.isEmpty {
            if request.method == .post { return try createWebhook(try request.json(), &state) }
            let status = request.query["status"] ?? "all"
            let rows = state.hooks.hooks.values.map(\.value).filter {
                status == "all" || $0["status"].string == status
            }
            return try ShopList(query: request.query, offset: state.offset, orders: ["date", "id", "title"])
                .page(of: rows)
        }
        guard let id = Int(path[0]), let hook = state.hooks.hooks[id] else { throw .invalidID("shop_webhook") }
        switch request.method {
        case .get: return ShopAnswer(hook.value)
        case .put, .post:
            let fields = try request.json()
            try check(fields)
            let value = changed(hook.value, fields, state)
            state.hooks.hooks[id]?.value = value
            if let secret = fields["secret"].string { state.hooks.hooks[id]?.secret = secret }
            return ShopAnswer(state.hooks.hooks[id]?.value ?? .null)
        case .delete:
            guard request.query["force"] == "true" else {
                throw ShopError(501, "woocommerce_rest_trash_not_supported", "Webhooks do not support trashing.")
            }
            state.hooks.hooks[id] = nil
            return ShopAnswer(hook.value)
        default: throw .noRoute
        }
    }

    private func createWebhook(_ fields: ShopValue, _ state: inout ShopState) throws(ShopError) -> ShopAnswer {
        guard fields["delivery_url"].string != nil else { throw .missing("delivery_url") }
        guard fields["topic"].string != nil else { throw .missing("topic") }
        try check(fields)
        var value = ShopShapes.webhook
        state.stamp("created", now, on: &value)
        value = changed(value, fields, state)
        value["date_modified"] = .null
        value["date_modified_gmt"] = .null
        if value["name"].string == "" { value["name"] = .text("Webhook created on \(ShopState.text(now))") }
        let secret = fields["secret"].string ?? ""
        let made = state.hooks.add(
            value, secret: secret.isEmpty ? "&<>\"" + String(Token.make().reveal().prefix(46)) : secret)
        var answer = ShopAnswer(made, status: 201)
        answer.headers["Location"] = "\(home)/wp-json/wc/v3/webhooks/\(made["id"].int ?? 0)"
        return answer
    }

    private func check(_ fields: ShopValue) throws(ShopError) {
        if let topic = fields["topic"].string, !ShopHooks.isValid(topic: topic) {
            throw ShopError(
                400, "woocommerce_rest_shop_webhook_invalid_topic", "Webhook topic is required and must be valid.")
        }
        if let url = fields["delivery_url"].string, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            throw ShopError(
                400, "woocommerce_rest_shop_webhook_invalid_delivery_url",
                "Webhook delivery URL must be a valid URL starting with http:// or https://.")
        }
        let statuses = ["active", "paused", "disabled"]
        if let status = fields["status"].string, !statuses.contains(status) {
            throw .invalid("status", "rest_not_in_enum", "status is not one of active, paused, and disabled.")
        }
    }

    private func changed(_ value: ShopValue, _ fields: ShopValue, _ state: ShopState) -> ShopValue {
        var value = value
        for name in ["name", "status", "topic", "delivery_url"] {
            if let text = fields[name].string { value[name] = .text(text) }
        }
        let parts = (value["topic"].string ?? "").split(separator: ".", maxSplits: 1).map(String.init)
        value["resource"] = .text(parts.first ?? "")
        value["event"] = .text(parts.last ?? "")
        state.stamp("modified", now, on: &value)
        return value
    }
}
