import Core
import HTTP
import Synchronization
import TestSupport
import Text

/// What a test tells the shop from outside: `POST /_double/<word>` with a JSON object, answered with one.
///
/// | word | fields | does |
/// |---|---|---|
/// | orders | any of an order's, `phone`, `first_name` | places an order; `{"id"}` |
/// | change | `order`, `fields` | changes an order, also its status |
/// | notes | `order`, `note`, `private` | adds a note, to the customer unless private; `{"id"}` |
/// | refunds | `order`, `amount`, `reason` | gives money back; `{"id"}` |
/// | lose | `on` | loses every webhook from now on, or no more |
/// | picky | `on` | refuses private addresses and odd ports, as WordPress does |
/// | https_only | `on` | posts keys to https alone, as WooCommerce does |
/// | misbehave | `status`, `times` | answers the next requests so |
/// | revoke | | takes back the first pair of keys |
/// | deliver | | delivers what waits; the first three do so by themselves unless `queue` is true |
///
/// `GET /_double/state` tells what came and what the webhooks are.
final class ControlDesk: Sendable {
    private let shop = Mutex<WooCommerceDouble?>(nil)

    func open(_ shop: WooCommerceDouble) { self.shop.withLock { $0 = shop } }

    /// Nil for a request to the shop itself.
    func answer(_ request: Received) -> Behaviour? {
        let prefix = "/_double/"
        guard request.path.hasPrefix(prefix), let shop = shop.withLock({ $0 }) else { return nil }
        let body = (try? JSON(parsing: request.body)).map { ShopValue($0) } ?? .object([:])
        guard let answer = act(String(request.path.dropFirst(prefix.count)), body, shop) else {
            return .json(404, #"{"error":"no such word, order or field"}"#)
        }
        return .answer(200, headers: ["Content-Type": "application/json"], body: answer.encoded)
    }

    private func act(_ word: String, _ body: ShopValue, _ shop: WooCommerceDouble) -> ShopValue? {
        switch word {
        case "state": return state(shop)
        case "lose": shop.losesWebhooks = body["on"].bool ?? true
        case "picky": shop.refusesOddAddresses = body["on"].bool ?? true
        case "https_only": shop.allowsPlainCallback = !(body["on"].bool ?? true)
        case "revoke": shop.revoke(shop.consumerKey)
        case "deliver": shop.deliver()
        case "misbehave":
            let error = #"{"code":"internal_server_error","message":"…","data":{"status":500}}"#
            for _ in 0..<(body["times"].int ?? 1) { shop.misbehave(.json(body["status"].int ?? 503, error)) }
        default:
            guard let id = change(word, body, shop) else { return nil }
            if body["queue"].bool != true { shop.deliver() }
            return .object(["id": .number(id)])
        }
        return .object(["ok": .bool(true)])
    }

    private func change(_ word: String, _ body: ShopValue, _ shop: WooCommerceDouble) -> Int? {
        if word == "orders" { return place(body, shop) }
        guard let order = body["order"].int, shop.order(order) != nil else { return nil }
        switch word {
        case "change":
            shop.changeOrder(order) { $0.merge(body["fields"]) }
            return order
        case "notes":
            return shop.addNote(body["note"].string ?? "", to: order, isForCustomer: body["private"].bool != true)
        case "refunds":
            return shop.refund(order, amount: body["amount"].word ?? "", reason: body["reason"].string ?? "")
        default: return nil
        }
    }

    private func place(_ body: ShopValue, _ shop: WooCommerceDouble) -> Int {
        let id = shop.placeOrder(phone: body["phone"].string, firstName: body["first_name"].string)
        let own = body.fields.filter { !["phone", "first_name", "queue"].contains($0.key) }
        if !own.isEmpty { shop.tamper(id) { $0.merge(.object(own)) } }
        return id
    }

    private func state(_ shop: WooCommerceDouble) -> ShopValue {
        .object([
            "webhooks": .list(shop.webhooks), "lost": .number(shop.lostWebhooks),
            "pending": .number(shop.pendingWebhooks),
            "requests": .list(
                shop.requests.filter { !$0.path.hasPrefix("/_double/") }
                    .map { .object(["method": .text($0.method.rawValue), "path": .text($0.path)]) }),
        ])
    }
}
