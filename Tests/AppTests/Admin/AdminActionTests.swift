import App
import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import TestSupport
import Testing

/// What people do in the admin, and what comes of it.
struct AdminActionTests {
    private func find(_ id: ID, in filled: FilledHouse) throws -> LedgerRow {
        try #require(try filled.house.host.database.read { tx in try MessagesTable.find(id, in: tx) })
    }

    private func audit(_ house: TestHost) throws -> [String] {
        try house.host.database.read { tx in try AuditTable.page(PageRequest(), in: tx).rows.map(\.action) }
    }

    @Test func `a failed message is sent again as one of its own, which says so`() throws {
        let filled = try FilledHouse()
        let manager = try filled.house.person(.manager)
        let failed = try #require(filled.messages[.failed])
        let answer = try filled.house.post("/admin/messages/\(failed)/again", form: [], as: manager)
        #expect(answer.status == 303)
        try filled.house.work()
        let copy = try #require(answer.location?.split(separator: "/").last.flatMap { ID(String($0)) })
        let row = try find(copy, in: filled)
        #expect(row.status == .accepted)
        #expect(row.forerunner == failed)
        #expect(try find(failed, in: filled).status == .failed)
        let page = try filled.house.get("/admin/messages/\(copy)", as: manager).text
        #expect(page.contains("Sent again by hand, after an earlier message."))
        #expect(page.contains("/admin/messages/\(failed)\""))
        #expect(try audit(filled.house).contains("message.sent_again"))
    }

    @Test func `a message that arrived cannot be sent again`() throws {
        let filled = try FilledHouse()
        let delivered = try #require(filled.messages[.delivered])
        let before = filled.house.channel.messages.count
        let answer = try filled.house.post(
            "/admin/messages/\(delivered)/again", form: [], as: filled.house.person(.manager))
        #expect(answer.location == "/admin/messages/\(delivered)")
        #expect(answer.headers.all("Set-Cookie").contains { $0.contains("notice.message_not_sent_again") })
        try filled.house.work()
        #expect(filled.house.channel.messages.count == before)
    }

    @Test func `a waiting message is called off, and one that left is not`() throws {
        let filled = try FilledHouse()
        let manager = try filled.house.person(.manager)
        let waiting = try #require(filled.messages[.planned])
        let delivered = try #require(filled.messages[.delivered])
        #expect(try filled.house.post("/admin/messages/\(waiting)/cancel", form: [], as: manager).status == 303)
        #expect(try find(waiting, in: filled).status == .cancelled)
        #expect(
            try filled.house.get("/admin/messages/\(waiting)", as: manager).text
                .contains("Somebody of the shop called it off."))
        #expect(try filled.house.post("/admin/messages/\(delivered)/cancel", form: [], as: manager).status == 303)
        #expect(try find(delivered, in: filled).status == .delivered)
    }

    @Test func `a yes recorded by hand wakes the message that waited for it`() throws {
        let filled = try FilledHouse()
        let manager = try filled.house.person(.manager)
        let waiting = try #require(filled.messages[.planned])
        #expect(try find(waiting, in: filled).reason == "reason.consent_pending")
        let answer = try filled.house.post(
            "/admin/contacts/\(filled.ben.id)/consents",
            form: [("purpose", "orders"), ("action", "grant"), ("reason", "Said so at the counter")], as: manager)
        #expect(answer.location == "/admin/contacts/\(filled.ben.id)")
        try filled.house.work()
        #expect(try find(waiting, in: filled).status == .accepted)
        let page = try filled.house.get("/admin/contacts/\(filled.ben.id)", as: manager).text
        #expect(page.contains("“Said so at the counter” · manager@shop.example"))
        #expect(try audit(filled.house).contains("consent.grant"))
    }

    @Test func `a no recorded by hand holds back what has not left`() throws {
        let filled = try FilledHouse()
        let waiting = try #require(filled.messages[.planned])
        try filled.house.post(
            "/admin/contacts/\(filled.ben.id)/consents",
            form: [("purpose", "orders"), ("action", "withdraw"), ("reason", "Called")],
            as: filled.house.person(.manager))
        #expect(try find(waiting, in: filled).status == .suppressed)
    }

    @Test func `a consent without a reason is not recorded, and the form comes back open`() throws {
        let filled = try FilledHouse()
        let long = String(repeating: "x", count: 501)
        let manager = try filled.house.person(.manager)
        for reason in ["", long] {
            let answer = try filled.house.post(
                "/admin/contacts/\(filled.ben.id)/consents",
                form: [("purpose", "marketing"), ("action", "grant"), ("reason", reason)], as: manager)
            #expect(answer.status == 422)
            #expect(answer.text.contains("<a href=\"#reason-marketing\">"))
            #expect(answer.text.contains("name=\"reason\" value=\"\(reason)\""))
        }
        let standings = try filled.house.host.database.read { tx in
            try ConsentStatesTable.all(of: filled.ben.id, in: tx)
        }
        #expect(standings.isEmpty)
    }

    @Test func `a delivery is worked once more`() throws {
        let filled = try FilledHouse()
        let answer = try filled.house.post(
            "/admin/deliveries/\(filled.delivery)/replay", form: [], as: filled.house.person(.manager))
        #expect(answer.location == "/admin/deliveries/\(filled.delivery)")
        let waiting = try filled.house.host.database.read { tx in try DeliveriesTable.find(filled.delivery, in: tx) }
        #expect(waiting?.state == .waiting)
        try filled.house.work()
        // No plugin of this house reads the shop's deliveries.
        let kept = try filled.house.host.database.read { tx in try DeliveriesTable.find(filled.delivery, in: tx) }
        #expect(kept?.state == .kept)
    }

    @Test func `a delivery's page shows its body indented and escaped, and no signature`() throws {
        let filled = try FilledHouse()
        let page = try filled.house.get("/admin/deliveries/\(filled.delivery)", as: filled.house.person(.manager)).text
        #expect(page.contains("  &quot;id&quot;: 1042,\n"))
        #expect(!page.contains("<b>hello"))
        #expect(page.contains("X-WC-Webhook-Topic"))
        #expect(!page.contains("c2VjcmV0"))
    }

    @Test func `a plugin goes with its routes and comes back with them`() throws {
        let filled = try FilledHouse()
        let owner = try filled.house.person(.owner)
        func status() throws -> Int { try filled.house.get("/sample").status }
        #expect(try status() == 200)
        try filled.house.post("/admin/plugins/sample/deactivate", form: [], as: owner)
        #expect(try status() == 404)
        #expect(filled.house.host.plugins.standing("sample") == .inactive)
        try filled.house.post("/admin/plugins/sample/activate", form: [], as: owner)
        #expect(try status() == 200)
        #expect(try audit(filled.house).prefix(2) == ["plugin.activated", "plugin.deactivated"])
    }

    @Test func `what a plugin's hooks have cost stands on the page of plugins`() throws {
        let filled = try FilledHouse()
        let owner = try filled.house.person(.owner)
        #expect(try !filled.house.get("/admin/plugins", as: owner).text.contains("since the start"))
        filled.house.host.hooks.fire(
            Hooks.messageReceived,
            InboundMessage(
                channel: "sandbox", providerID: "1", phone: "+12025550142", at: filled.house.clock.now(), type: "text"))
        #expect(try filled.house.get("/admin/plugins", as: owner).text.contains("Ran 1 time since the start"))
    }

    @Test func `a pause is lifted from the overview`() throws {
        let filled = try FilledHouse()
        let manager = try filled.house.person(.manager)
        #expect(try filled.house.get("/admin", as: manager).text.contains("order_placed:en"))
        let form = [(name: "scope", value: "template"), (name: "subject", value: "meta:order_placed:en")]
        #expect(try filled.house.post("/admin/pauses/lift", form: form, as: manager).location == "/admin")
        #expect(try !filled.house.get("/admin", as: manager).text.contains("order_placed:en"))
    }

    @Test func `a setting that was left as it was shown goes on following its default`() throws {
        let house = try TestHost()
        let form = [(name: "site.name", value: "Wool"), (name: "site.timezone", value: "UTC")]
        #expect(try house.post("/admin/settings/site", form: form, as: house.person(.owner)).status == 303)
        #expect(house.host.settings.stored("site.name") == .text("Wool"))
        #expect(house.host.settings.stored("site.timezone") == nil)
    }

    @Test func `whoever asks for the bare address comes to the admin`() throws {
        #expect(try TestHost().get("/").location == "/admin")
    }

    @Test func `the steps of setting up are done as the house says, not as somebody ticked`() throws {
        let house = try TestHost()
        let owner = try house.person(.owner)
        func done() throws -> String? {
            try house.get("/admin", as: owner).text.firstMatch(of: /(\d) of 5 done/).map { String($0.1) }
        }
        #expect(try done() == "0")
        try house.host.orders.receive(.sample("1", at: house.clock.now()))
        #expect(try done() == "1")
        let filled = try FilledHouse()
        let page = try filled.house.get("/admin", as: filled.house.person(.owner)).text
        #expect(page.contains("4 of 5 done"))
    }
}
