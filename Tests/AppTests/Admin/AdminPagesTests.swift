import Core
import TestSupport
import Testing

/// Every page of the admin in both of its states: nothing there yet, and a house at work.
struct AdminPagesTests {
    private static let empty = [
        "/admin", "/admin/search", "/admin/search?q=ana", "/admin/orders", "/admin/orders?q=ana", "/admin/contacts",
        "/admin/contacts?q=ana", "/admin/messages", "/admin/messages?status=failed", "/admin/deliveries",
        "/admin/deliveries?state=unreadable", "/admin/plugins", "/admin/account", "/admin/account/second-factor",
        "/admin/users", "/admin/tokens", "/admin/audit", "/admin/audit?q=zzz", "/admin/confirm?next=/admin/users",
    ]

    @Test(arguments: Role.allCases)
    func `an empty house has every page, each with words of the catalogue alone`(role: Role) throws {
        let house = try TestHost(isPseudo: true)
        let person = try house.person(role)
        for address in Self.empty where role >= Self.least(address) {
            let page = try house.get(address, as: person)
            #expect(page.status == 200, "\(address)")
            #expect(Self.escaped(page.text) == [], "\(address)")
        }
    }

    @Test(arguments: Role.allCases)
    func `a house at work has every page, each with words of the catalogue and data alone`(role: Role) throws {
        let filled = try FilledHouse(isPseudo: true)
        let person = try filled.house.person(role)
        for address in filled.addresses where role >= Self.least(address) {
            let page = try filled.house.get(address, as: person)
            #expect(page.status == 200, "\(address)")
            #expect(Self.escaped(page.text) == [], "\(address)")
        }
    }

    /// The least role that a page is for.
    static func least(_ address: String) -> Role {
        func isUnder(_ places: [String]) -> Bool { places.contains { address.hasPrefix($0) } }
        if isUnder(["/admin/users", "/admin/tokens"]) { return .owner }
        return isUnder(["/admin/deliveries", "/admin/plugins", "/admin/audit"]) ? .manager : .viewer
    }

    /// Texts that are neither words of the catalogue nor data of the house.
    private static func escaped(_ html: String) -> [String] {
        VisibleText.escaped(fromCatalogueIn: html, data: data).map(\.text).filter { text in
            // Dates are written by ICU, keys by the ledger.
            text.wholeMatch(of: /([A-Z][a-z]{2} \d{1,2}, \d{4})?(, )?(\d{1,2}:\d\d [AP]M)?/) == nil
                && text.wholeMatch(of: /order:woocommerce:[0-9a-z:]+/) == nil
        }
    }

    /// What the house's shop, people, messages and plugins are called and say.
    private static let data: Set<String> = [
        "My shop", "· My shop", "Wool Wire", "· Wool Wire", "W", "manager@shop.example", "viewer@shop.example",
        "owner@shop.example", "guest@shop.example", "guest@shop.example · Wool Wire", "guest@shop.example ·", "nobody",
        // Who set the house up in a test, and a time by ICU.
        "test", "now", "Ana Pérez", "Ana Pérez · Wool Wire", "Ben", "Ben · Wool Wire", "Zoé Pérez",
        "ana@example.com", "zoé@example.com", "a•••@•••", "z•••@•••", "US", "es", "cod", "Merino wool",
        "*Thank you*, your order is on its way.", "Thank you", ", your order is on its way.", "Yes, write to me.",
        "wamid.ana", "curl_28", "Template is paused · 132015", "Meta Cloud API", "graph.facebook.com",
        "Recording channel", "Sample", "sample.example", "cartwright_message_received", "expected text",
        "order.updated",
        "order:1042", "X-WC-Webhook-Topic",
        "{ id : 1042, note : \\u003cb\\u003ehello\\u003c/b\\u003e , lines : [ 1, 2 ] }",
    ]
}
