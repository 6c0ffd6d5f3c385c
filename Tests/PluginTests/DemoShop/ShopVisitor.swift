import App
import Database
import Core
import DemoShop
import Domain
import HTTP
import PluginKit
import SQL
import Store
import TestSupport
import Testing

/// Somebody in front of the counter: keeps cookies and sends each form with the token of the page it stands on.
final class ShopVisitor {
    let house: TestHost
    private let caller: TestCaller
    private var cookies: [String: String] = [:]
    private var csrf = ""

    init(_ house: TestHost, as caller: TestCaller = .nobody) {
        self.house = house
        self.caller = caller
    }

    @discardableResult
    func get(_ target: String) throws -> TestResponse {
        try taking(house.send(.get, target, headers: headers, as: caller))
    }

    @discardableResult
    func post(_ target: String, _ fields: [String: String]) throws -> TestResponse {
        var form = fields.map { (name: $0.key, value: $0.value) }
        if case .nobody = caller { form.append((name: "csrf", value: csrf)) }
        return try taking(
            house.send(.post, target, .form(form), headers: headers, as: caller, from: "198.51.100.20"))
    }

    /// Puts the cookie down as it is, as a meddler would.
    func keep(_ name: String, _ value: String) { cookies[name] = value }

    private var headers: Headers {
        var headers: Headers = ["User-Agent": "Visitor/1.0"]
        if !cookies.isEmpty {
            headers["Cookie"] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        }
        return headers
    }

    private func taking(_ response: TestResponse) -> TestResponse {
        for field in response.headers.all("Set-Cookie") {
            let pair = field.split(separator: ";")[0].split(separator: "=", maxSplits: 1)
            let isGone = field.contains("Max-Age=0")
            cookies[String(pair[0])] = isGone || pair.count < 2 ? nil : String(pair[1])
        }
        if let token = response.value(of: "csrf") { csrf = token }
        return response
    }
}

extension TestResponse {
    /// The value of the first hidden or typed field of this name.
    func value(of field: String) -> String? {
        let marks = ["", "type=\"tel\" ", "type=\"email\" "].map { "name=\"\(field)\" \($0)value=\"" }
        return marks.lazy.compactMap { mark in
            self.text.firstRange(of: mark).map { String(self.text[$0.upperBound...].prefix { $0 != "\"" }) }
        }.first
    }

    /// What a person reads, in one line.
    var words: String { VisibleText.pieces(ofPage: text).map(\.text).joined(separator: " ") }
}

/// Writes to the customer whatever happens to an order, by its rule's name.
struct Announcer: Plugin {
    var declaration: PluginDeclaration {
        PluginDeclaration(id: "announcer", name: "Announcer", version: "1", isCore: true)
    }

    func parts(_ context: PluginContext) throws -> PluginParts {
        var parts = PluginParts()
        parts.planners = [
            OrderPlanner { event, stored in
                guard let contact = stored.contactID else { return [] }
                var text = "\(stored.order.number) \(event.ruleStatus)"
                if case .note(_, let note) = event.kind { text += ": " + note }
                return [
                    MessageDraft(
                        intentKey: "order:demo:\(stored.order.externalID):\(event.id)", purpose: .orders,
                        contactID: contact, content: MessageContent(text: text),
                        source: MessageSource(kind: .order, id: stored.id))
                ]
            }
        ]
        return parts
    }
}

extension TestHost {
    /// A house with the demo shop open.
    static func withShop(_ settings: [String: String] = [:]) throws -> TestHost {
        try TestHost(plugins: [DemoShopPlugin(), Announcer()], settings: settings) { $0.demo = true }
    }

    /// The demo's orders, the latest first.
    func orders() throws -> [StoredOrder] {
        try host.database.read { try OrdersTable.page(PageRequest(limit: 50), in: $0).rows }
    }

    func count(_ query: Query) throws -> Int { try host.database.read { try $0.count(query) } }
}

/// A checkout that is filled in as it should be, before a test spoils it.
enum Filled {
    static let form = [
        "first_name": "Ana", "last_name": "Pérez", "country": "US", "phone": "202 555 0141",
        "email": "ana@example.com", "shipping": "flat_rate", "payment": "card", "consent.orders": "true",
    ]
}

extension ShopVisitor {
    /// Buys two skeins of yarn; the answer to the form.
    func order(_ changes: [String: String] = [:]) throws -> TestResponse {
        try get("/shop")
        try post("/shop/cart", ["product": "yarn", "quantity": "2"])
        return try post("/shop/checkout", checkout(changes))
    }

    /// The form with what the page put in it.
    func checkout(_ changes: [String: String] = [:]) throws -> [String: String] {
        let page = try get("/shop/checkout")
        let hidden = [
            "attempt": try #require(page.value(of: "attempt")),
            "wording_version": try #require(page.value(of: "wording_version")),
        ]
        return Filled.form.merging(hidden) { $1 }.merging(changes) { $1 }
    }
}
