package import Core
import Crypto
package import HTTP
package import PluginKit
import Synchronization
import Text

/// Asks the shop by WooCommerce's REST API v3, in the way that this shop understands.
///
/// Over https the keys go as basic authentication, or in the query where the shop's web server takes that header
/// away; over plain http they stay here and sign the request (OAuth 1.0a). Where WordPress knows no pretty addresses
/// the route goes in the query. What was found out holds until the address changes or the program ends.
package final class ShopClient: Sendable {
    package typealias Query = [(name: String, value: String)]

    /// What one shop understands.
    private struct Manner {
        var address: ShopAddress?
        var isPlain = false
        var keysInQuery = false
    }

    /// What is asked, before it is known how.
    private struct Call {
        var method: Method
        /// Below `/wp-json/`.
        var route: String
        var query: Query
        var body: [UInt8] = []
    }

    /// Generous: shops that share a machine take seconds for a list.
    private static let deadline = Timestamp.Span.seconds(20)
    /// Bytes; a hundred orders with their items take some 500,000.
    private static let largestAnswer = 8 << 20

    private let settings: any SettingsReader
    private let http: any HTTPClient
    private let clock: any Clock
    private let nonce: @Sendable () -> String
    private let learned = Mutex(Manner())

    package init(
        settings: any SettingsReader, http: any HTTPClient, clock: any Clock,
        nonce: @escaping @Sendable () -> String = { RandomBytes.make(16).hex }
    ) {
        self.settings = settings
        self.http = http
        self.clock = clock
        self.nonce = nonce
    }

    /// The shop that the setting names.
    package func address() throws(ShopError) -> ShopAddress { try ShopAccess.address(settings) }

    /// - Parameter path: below `/wc/v3/`: `orders`, `webhooks/15`.
    package func get(_ path: String, query: Query = []) throws(ShopError) -> ShopAnswer {
        try ask(Call(method: .get, route: "wc/v3/" + path, query: query))
    }

    /// Never repeated by the transport: what the shop made is made once.
    package func post(_ path: String, json: [UInt8]) throws(ShopError) -> ShopAnswer {
        try ask(Call(method: .post, route: "wc/v3/" + path, query: [], body: json))
    }

    package func put(_ path: String, json: [UInt8]) throws(ShopError) -> ShopAnswer {
        try ask(Call(method: .put, route: "wc/v3/" + path, query: [], body: json))
    }

    package func delete(_ path: String, query: Query = []) throws(ShopError) -> ShopAnswer {
        try ask(Call(method: .delete, route: "wc/v3/" + path, query: query))
    }

    /// What WordPress says of itself to everybody, asked without keys.
    /// - Parameter address: where to look; its host has to be that of the setting.
    package func index(at address: ShopAddress) throws(ShopError) -> ShopAnswer {
        let call = Call(
            method: .get, route: "",
            query: [("_fields", "name,url,home,gmt_offset,timezone_string,namespaces")])
        return try ask(call, at: address, with: nil)
    }

    private func ask(_ call: Call) throws(ShopError) -> ShopAnswer {
        let access = try ShopAccess(settings)
        return try ask(call, at: access.address, with: access)
    }

    private func ask(_ call: Call, at address: ShopAddress, with access: ShopAccess?) throws(ShopError) -> ShopAnswer {
        var manner = learned.withLock { $0.address == address ? $0 : Manner(address: address) }
        var response = try send(call, at: address, with: access, manner)
        if !manner.isPlain, Self.lacksPrettyAddresses(response) {
            manner.isPlain = true
            response = try send(call, at: address, with: access, manner)
        }
        if access != nil, address.isSecure, !manner.keysInQuery, Self.sawNoKeys(response) {
            manner.keysInQuery = true
            response = try send(call, at: address, with: access, manner)
        }
        if manner.isPlain, access != nil, response.status == 401 {
            throw ShopError(.plainPermalinks, host: address.host, detail: "reads no keys without pretty permalinks")
        }
        let answer = try ShopAnswer(response, host: address.host)
        learned.withLock { [manner] in $0 = manner }
        return answer
    }

    private func send(
        _ call: Call, at address: ShopAddress, with access: ShopAccess?, _ manner: Manner
    ) throws(ShopError) -> OutboundResponse {
        let url = address.text + (manner.isPlain ? "/index.php" : "/wp-json/" + call.route)
        var query = manner.isPlain ? [("rest_route", "/" + call.route)] + call.query : call.query
        var headers: Headers = ["Accept": "application/json"]
        if !call.body.isEmpty { headers["Content-Type"] = "application/json" }
        // The secret is revealed to the shop that gave it; over plain http only its signature travels.
        switch access {
        case .some(let access) where !address.isSecure:
            let oauth = OAuthSignature(key: access.key, secret: access.secret)
            query = oauth.signed(call.method, url, query: query, nonce: nonce(), at: clock.now())
        case .some(let access) where manner.keysInQuery:
            query += [("consumer_key", access.key), ("consumer_secret", access.secret.reveal())]
        case .some(let access):
            headers["Authorization"] = "Basic " + Array("\(access.key):\(access.secret.reveal())".utf8).base64
        case nil: break
        }
        let request = OutboundRequest(
            call.method, query.isEmpty ? url : url + "?" + URLEncoding.encode(query), headers: headers,
            body: call.body, hosts: AllowedHosts(namedByAdmin: [address.hostName]), repeatable: call.method != .post,
            deadline: Self.deadline, maxResponseBytes: Self.largestAnswer)
        do throws(HTTPClientError) {
            return try http.send(request)
        } catch {
            throw Self.silence(error, host: address.host)
        }
    }

    /// Neither WordPress nor WooCommerce answers an unknown route with anything but JSON.
    private static func lacksPrettyAddresses(_ response: OutboundResponse) -> Bool {
        response.status == 404 && (try? JSON(parsing: response.body)) == nil
    }

    /// WooCommerce says the same of an unknown key and of none; only a wrong secret has a code of its own.
    private static func sawNoKeys(_ response: OutboundResponse) -> Bool {
        guard response.status == 401, let json = try? JSON(parsing: response.body) else { return false }
        return json["code"].string != "woocommerce_rest_authentication_error"
    }

    private static func silence(_ error: HTTPClientError, host: String) -> ShopError {
        // libcurl's numbers: 28 time is over; 35, 51, 58, 60 and 77 TLS.
        let kind: ShopError.Kind =
            switch (error.kind, error.curlCode) {
            case (.tooLarge, _): .unreadable
            case (_, 28): .timedOut
            case (_, 51), (_, 58), (_, 60), (_, 77): .certificate
            case (.unknown, _): .timedOut
            default: .unreachable
            }
        return ShopError(kind, host: host, detail: error.message)
    }
}
