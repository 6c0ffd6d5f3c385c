import Core
import Crypto
import HTTP
import PluginKit

/// `GET` and `POST /hooks/meta`: Meta's check of our address, and what it reports.
struct MetaWebhook: Sendable {
    /// Meta's batches of up to 1,000 updates reach 3 MB.
    private static let bodyLimit = 5 << 20
    private static let path = "/hooks/meta"

    let settings: any SettingsReader
    let deliveries: any Deliveries

    var routes: [Route] {
        [
            Route(.get, Self.path, .public) { request, _ in verify(request) },
            Route(.post, Self.path, .public, bodyLimit: Self.bodyLimit) { request, _ in try take(request) },
        ]
    }

    /// Whoever knows the token gets the challenge back.
    private func verify(_ request: Request) -> Response {
        guard let token = settings[MetaSettings.verifyToken], !token.isEmpty else {
            return notSetUp(MetaSettings.verifyToken.key)
        }
        guard request.query["hub.mode"] == "subscribe", let given = request.query["hub.verify_token"],
            // Revealed to be compared with what Meta repeats.
            ConstantTime.equal(given, token.reveal())
        else { return refuse(403, "verify_token") }
        return .text(request.query["hub.challenge"] ?? "")
    }

    /// The signature is checked over the bytes as they came: Meta's way of escaping cannot be reproduced.
    private func take(_ request: Request) throws -> Response {
        guard let secret = settings[MetaSettings.appSecret], !secret.isEmpty else {
            return notSetUp(MetaSettings.appSecret.key)
        }
        guard let signature = request.headers["X-Hub-Signature-256"] else { return refuse(401, "signature_missing") }
        guard Signature(key: secret).isValid(prefixedHex: signature, for: request.body) else {
            return refuse(401, "signature_wrong")
        }
        let kept = ["Content-Type", "User-Agent", "X-Hub-Signature-256"]
        try deliveries.store(
            endpoint: MetaCloudAPIPlugin.id, topic: MetaDelivery.topic(of: request.body),
            headers: kept.compactMap { name in request.headers[name].map { (name, $0) } }, body: request.body,
            lane: nil)
        return .text("ok")
    }

    /// The secret is missing, or sealed with a key that is not here.
    private func notSetUp(_ key: String) -> Response {
        let isSealedAway = !settings.unreadable([key]).isEmpty
        deliveries.countRefusal(
            endpoint: MetaCloudAPIPlugin.id, reason: isSealedAway ? "secret_unreadable" : "no_secret")
        var response = Response.text("not set up\n", status: 503)
        response.headers["Retry-After"] = "300"
        return response
    }

    private func refuse(_ status: Status, _ reason: String) -> Response {
        deliveries.countRefusal(endpoint: MetaCloudAPIPlugin.id, reason: reason)
        return .text("refused\n", status: status)
    }
}
