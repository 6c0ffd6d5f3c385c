import Core
import Crypto
import HTTP

/// OAuth 1.0a with one leg (RFC 5849, without tokens), by HMAC-SHA256: how WooCommerce wants keys proved over plain
/// http, where they must not be seen.
struct OAuthSignature {
    let key: String
    let secret: Secret

    /// The query of a request with all that proves it.
    ///
    /// - Parameters:
    ///   - url: absolute, without query.
    ///   - nonce: never the same twice with one timestamp; WooCommerce remembers those of 15 minutes.
    ///   - now: WooCommerce refuses what is 15 minutes off its own clock.
    func signed(
        _ method: Method, _ url: String, query: [(name: String, value: String)], nonce: String, at now: Timestamp
    ) -> [(name: String, value: String)] {
        let parameters =
            query + [
                ("oauth_consumer_key", key), ("oauth_nonce", nonce), ("oauth_signature_method", "HMAC-SHA256"),
                ("oauth_timestamp", String(now.milliseconds / 1000)),
            ]
        // The secret is revealed as the signature's key, with an empty token secret behind the ampersand.
        let signature = Signature(key: Secret(URLEncoding.encode(secret.reveal()) + "&"))
        let code = signature.code(for: Self.base(method, url, parameters)).base64
        return parameters + [("oauth_signature", code)]
    }

    /// What is signed (RFC 5849, 3.4.1): method, address and sorted parameters, each encoded once more.
    static func base(_ method: Method, _ url: String, _ parameters: [(name: String, value: String)]) -> String {
        let encoded = parameters.map { (URLEncoding.encode($0.name), URLEncoding.encode($0.value)) }
        let normalised = encoded.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        return [method.rawValue, url, normalised].map { URLEncoding.encode($0) }.joined(separator: "&")
    }
}
