import App
import Core
import Database
import DemoShop
import Domain
import HTTP
import Messaging
import OrderNotifications
import Sandbox
import Store
import TestSupport
import Testing

/// A viewer sees no phone and no address of a person, also not in what was written.
struct MaskingTests {
    @Test(arguments: [
        ("Call +1 202-555-0141 now", "Call +12•••••••41 now"), ("(202) 555-0141", "202•••••41"),
        ("202.555.0141,", "202•••••41,"), ("tel:+12025550141?", "tel:+12•••••••41?"),
        ("Write to ana@example.com.", "Write to a•••@•••"), ("<ana@example.com>, bye", "<a•••@•••>, bye"),
        ("Order 1042 of 29.90 EUR", "Order 1042 of 29.90 EUR"), ("at 10:28", "at 10:28"), ("2 x 3", "2 x 3"),
        ("a @ b", "a @ b"), ("", ""), ("+", "+"), ("12 34", "12 34"), ("(((", "((("),
    ])
    func `phones and addresses in a text are hidden, the rest stays`(text: String, masked: String) {
        #expect(MaskedText.text(text) == masked)
    }

    @Test func `what was written to a person shows their phone to a manager alone`() throws {
        let filled = try FilledHouse()
        let written = "Ana, we call +1 202-555-0141 or write to ana@example.com."
        let message = try filled.plan("processing", to: filled.ana.id, text: written)
        let (viewer, manager) = (try filled.house.person(.viewer), try filled.house.person(.manager))
        let reason = "She said so on +1 202-555-0141"
        _ = try filled.house.post(
            "/admin/contacts/\(filled.ana.id)/consents",
            form: [("purpose", "carts"), ("action", "grant"), ("reason", reason)], as: manager)
        for address in [
            "/admin/messages/\(message)", "/admin/orders/\(filled.order.id)", "/admin/contacts/\(filled.ana.id)",
        ] {
            #expect(try filled.house.get(address, as: manager).text.contains("202-555-0141"), "\(address)")
            let page = try filled.house.get(address, as: viewer).text
            for secret in ["202-555-0141", "ana@example.com"] { #expect(!page.contains(secret), "\(address)") }
        }
    }

    @Test(arguments: ["/admin/search", "/admin/contacts", "/admin/orders", "/admin/messages"])
    func `a viewer cannot find out a phone or an address by searching for beginnings`(path: String) throws {
        let filled = try FilledHouse()
        _ = try filled.plan("processing", to: filled.ana.id, text: "Thank you")
        let (viewer, manager) = (try filled.house.person(.viewer), try filled.house.person(.manager))
        let contact = try #require(
            try filled.house.host.database.read { tx in try ContactsTable.find(filled.ana.id, in: tx) })
        let (phone, email) = (try #require(contact.phone), try #require(contact.email))
        func finds(_ typed: String, _ person: TestCaller) throws -> Bool {
            try filled.house.get("\(path)?q=" + URLEncoding.encode(typed), as: person).text.contains("Ana")
        }
        for beginning in [String(phone.prefix(8)), String(email.prefix(6))] {
            #expect(try finds(beginning, manager), "\(beginning)")
            #expect(try !finds(beginning, viewer), "\(beginning)")
        }
        for whole in [phone, email] { #expect(try finds(whole, viewer), "\(whole)") }
    }

    @Test func `nothing that a person is reached by is on any page that a viewer may open`() throws {
        let house = try TestHost(
            plugins: [OrderNotificationsPlugin(), SandboxPlugin(), DemoShopPlugin()],
            settings: ["orders.consent": "legitimate_interest"], options: { $0.demo = true })
        _ = try house.host.orders.receive(.sample("1042", at: house.clock.now()))
        try house.work()
        let viewer = try house.person(.viewer)
        let manager = try house.person(.manager)
        var open = [
            "/admin", "/admin/search?q=ana", "/admin/orders", "/admin/contacts", "/admin/messages", "/admin/phone",
            "/admin/rules", "/admin/rules/processing", "/admin/account", "/admin/account/second-factor",
        ]
        // Each list leads to pages of its rows.
        for address in open {
            let page = try house.get(address, as: viewer).text
            open += page.matches(of: /href="(\/admin\/[a-z]+\/[0-9]+)"/).map { String($0.1) }
        }
        var shown = 0
        for address in Set(open).sorted() {
            let page = try house.get(address, as: viewer)
            #expect(page.status == 200, "\(address)")
            for secret in ["2025550141", "202-555-0141", "ana@example.com", "manager@shop.example"] {
                #expect(!page.text.contains(secret), "\(address) shows \(secret)")
            }
            if try house.get(address, as: manager).text.contains("2025550141") { shown += 1 }
        }
        // Else the test would hold for pages that show nobody.
        #expect(shown >= 5)
    }
}
