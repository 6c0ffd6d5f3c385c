import Core
import Crypto
import HTTP

/// The REST keys of the doubled shop, and who a request comes from.
///
/// As in WooCommerce: over TLS by basic authentication or in the query; over plain http neither counts, only
/// OAuth 1.0a.
struct ShopKeys {
    enum Permission: String {
        case read
        case write
        case readWrite = "read_write"
    }

    struct Key {
        let secret: String
        let permission: Permission
    }

    private(set) var keys: [String: Key] = [:]
    private(set) var nonces: Set<String> = []

    mutating func add(_ key: String, _ secret: String, _ permission: Permission) {
        keys[key] = Key(secret: secret, permission: permission)
    }

    mutating func remove(_ key: String) { keys[key] = nil }

    /// Throws the answer for who is nobody. An unknown key is the same as none: its request may not look or write.
    mutating func admit(
        _ request: ShopRequest, isEncrypted: Bool, home: String, at now: Timestamp
    ) throws(ShopError) {
        let key = isEncrypted ? try plainKey(request) : try oauthKey(request, home: home, at: now)
        let isReading = request.method == .get || request.method == .head
        guard let key else { throw isReading ? .cannotView : .cannotCreate }
        switch key.permission {
        case .readWrite: return
        case .read where isReading: return
        case .write where !isReading: return
        case .read: throw .authentication("The API key provided does not have write permissions.")
        case .write: throw .authentication("The API key provided does not have read permissions.")
        }
    }

    private func plainKey(_ request: ShopRequest) throws(ShopError) -> Key? {
        var pair: (key: String, secret: String)?
        if let key = request.query["consumer_key"], let secret = request.query["consumer_secret"] {
            pair = (key, secret)
        } else if let header = request.headers["Authorization"], header.hasPrefix("Basic "),
            let bytes = [UInt8](base64: String(header.dropFirst(6)))
        {
            let halves = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1).map(String.init)
            if halves.count == 2 { pair = (halves[0], halves[1]) }
        }
        guard let pair, let key = keys[pair.key] else { return nil }
        guard key.secret == pair.secret else { throw .authentication("Consumer secret is invalid.") }
        return key
    }

    private mutating func oauthKey(
        _ request: ShopRequest, home: String, at now: Timestamp
    ) throws(ShopError) -> Key? {
        guard let call = try ShopOAuth(request) else { return nil }
        guard let key = keys[call.consumerKey] else { throw .authentication("Consumer key is invalid.") }
        try call.check(secret: key.secret, url: home + request.path, method: request.method)
        guard abs(call.timestamp - now.milliseconds / 1000) <= 900 else {
            throw .authentication("Invalid timestamp.")
        }
        guard nonces.insert("\(call.consumerKey) \(call.timestamp) \(call.nonce)").inserted else {
            throw .authentication("Invalid nonce - nonce has already been used.")
        }
        return key
    }
}
