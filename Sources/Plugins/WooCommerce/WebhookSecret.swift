import Core
import Crypto

/// The secret that a shop signs its webhooks with, as the shop owner typed it.
///
/// WooCommerce stores what was typed in its own form and decodes HTML entities before it signs
/// (`WC_Webhook::generate_signature`): `a&b` may rest there as `a&amp;b` and signs as `a&b`. So the typed text is the
/// key; and one copied out of the database, entities and all, works too.
struct WebhookSecret: Sendable {
    private let signatures: [Signature]

    init(_ secret: Secret) {
        let typed = secret.reveal()
        let decoded = HTMLEntities.decoded(typed)
        signatures = (decoded == typed ? [typed] : [typed, decoded]).map { Signature(key: Secret($0)) }
    }

    /// - Parameter base64: the HMAC-SHA256 of the exact body.
    func isValid(_ base64: String, for body: [UInt8]) -> Bool {
        signatures.contains { $0.isValid(base64: base64, for: body) }
    }
}
