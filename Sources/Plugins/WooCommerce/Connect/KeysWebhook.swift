import HTTP
import PluginKit
import Text

/// Keys as a shop posts them.
struct OfferedKeys {
    /// WooCommerce calls it `user_id`: whatever the asker gave as its own name of the request.
    let token: String
    let key: String
    let secret: String

    /// Nil for what no WooCommerce sends.
    init?(_ body: [UInt8]) {
        guard let json = try? JSON(parsing: body), let token = json["user_id"].stringOrNumber,
            let key = json["consumer_key"].string, let secret = json["consumer_secret"].string,
            Self.isKey(key, "ck_"), Self.isKey(secret, "cs_")
        else { return nil }
        self.token = token
        self.key = key
        self.secret = secret
    }

    /// Forty hexadecimal digits behind the prefix as WooCommerce makes them; plugins make longer ones.
    static func isKey(_ text: String, _ prefix: String) -> Bool {
        text.hasPrefix(prefix) && (20...120).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
            }
    }
}

/// Takes the keys that a shop's owner has just granted. WooCommerce takes them back unless it hears 200.
struct KeysWebhook: Sendable {
    /// Bytes; WooCommerce sends some 250.
    static let bodyLimit = 16 << 10

    let request: KeyRequest
    let deliveries: any Deliveries

    func answer(_ request: Request) throws -> Response {
        guard let keys = OfferedKeys(request.body) else {
            deliveries.countRefusal(endpoint: ShopWebhook.endpoint, reason: "keys_unreadable")
            return .text("these are no keys of WooCommerce\n", status: 400)
        }
        guard try self.request.accept(keys) else {
            deliveries.countRefusal(endpoint: ShopWebhook.endpoint, reason: "keys_unasked")
            return .text("nobody asked for these keys, or it was too long ago\n", status: 403)
        }
        return .text("ok\n")
    }
}
