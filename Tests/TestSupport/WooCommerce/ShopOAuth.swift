import Core
import Crypto
import HTTP

/// OAuth 1.0a as WooCommerce checks it (`WC_REST_Authentication`): the parameters of query and header, each decoded and
/// encoded once more, sorted by name, in one string with method and address, under the consumer secret and `&`.
/// Written apart from the program's own signing, so that both may not share a mistake.
struct ShopOAuth {
    let consumerKey: String
    let timestamp: Int64
    let nonce: String
    private let method: String
    private let signature: String
    private let parameters: [(name: String, value: String)]

    /// Nil for a request that does not try.
    init?(_ request: ShopRequest) throws(ShopError) {
        var all = request.query.pairs
        if let header = request.headers["Authorization"], header.hasPrefix("OAuth ") {
            for part in header.dropFirst(6).split(separator: ",") {
                let halves = part.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != "\"" && $0 != " " } }
                guard halves.count == 2, halves[0] != "realm" else { continue }
                all.append((halves[0], QueryItems("x=" + halves[1].replacing("+", with: "%2B"))["x"] ?? ""))
            }
        }
        func value(_ name: String) -> String? { all.last { $0.name == name }?.value }
        let needed = [
            "oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method",
        ]
        let missing = needed.filter { value($0)?.isEmpty != false }
        if missing.count == needed.count { return nil }
        guard missing.isEmpty else { throw .missingOAuth(missing) }
        consumerKey = value("oauth_consumer_key") ?? ""
        timestamp = Int64(value("oauth_timestamp") ?? "") ?? 0
        nonce = value("oauth_nonce") ?? ""
        method = value("oauth_signature_method") ?? ""
        signature = value("oauth_signature") ?? ""
        parameters = all.filter { $0.name != "oauth_signature" }
    }

    func check(secret: String, url: String, method verb: Method) throws(ShopError) {
        // HMAC-SHA1 works there too; nobody here should use it.
        guard method == "HMAC-SHA256" else {
            throw .authentication("Invalid signature - signature method is invalid.")
        }
        let list = parameters.map { (name: Self.escape($0.name), value: Self.escape($0.value)) }
            .sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
            .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let text = [verb.rawValue, Self.escape(url), Self.escape(list)].joined(separator: "&")
        let right = Signature(key: Secret(secret + "&")).code(for: text).base64
        guard signature == right else {
            throw .authentication("Invalid signature - provided signature does not match.")
        }
    }

    /// PHP's rawurlencode.
    private static func escape(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || "-._~".utf8.contains(byte)
            if isPlain { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "%0" + digits : "%" + digits
        }.joined()
    }
}
