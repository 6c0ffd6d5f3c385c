import App
import Core
import Domain
import HTTP
import Messaging
import PluginKit
import Store
import TestSupport
import Testing
import Templating

/// Plugins' cards on the house's pages.
@Suite struct `A panel` {
    private struct Jammed: Error {}

    private func house(_ panels: [Panel], patience: Timestamp.Span = .seconds(2)) throws -> TestHost {
        let plugin = LoosePlugin(declaration: PluginDeclaration(id: "fax", name: "Fax machine", version: "1")) { _ in
            PluginParts(panels: panels)
        }
        return try TestHost(plugins: [plugin]) { $0.pluginPatience = patience }
    }

    private static let html = SafeHTML(constant: "<p>of the panel</p>")

    @Test func `stands on the page that it names, for those that it names`() throws {
        let house = try house([
            .dashboard("app.name") { viewer in SafeHTML(vouching: Array("<p>by \(viewer.role)</p>".utf8)) },
            .contact("app.name", role: .manager) { person, _ in
                SafeHTML(vouching: Array("<p>of \(person.firstName)</p>".utf8))
            },
            .order("app.name") { _, _ in nil },
        ])
        let (manager, viewer) = (try house.person(.manager), try house.person(.viewer))
        let contact = try house.contact("+12025550123", name: "Ana")
        let now = house.clock.now()
        let order = try house.host.orders.receive(
            Order(
                shop: "woocommerce", externalID: "7", number: "7", status: "processing", createdAt: now,
                updatedAt: now, total: Money(minorUnits: 100, currency: "USD"),
                customer: OrderCustomer(firstName: "Ana", lastName: "", phone: "+12025550123", country: "US"))
        ).order
        let orderID = try #require(order?.id)
        #expect(try house.get("/admin", as: manager).text.contains("<p>by manager</p>"))
        #expect(try house.get("/admin", as: viewer).text.contains("<p>by viewer</p>"))
        #expect(try house.get("/admin/contacts/\(contact.id)", as: manager).text.contains("<p>of Ana</p>"))
        #expect(try !house.get("/admin/contacts/\(contact.id)", as: viewer).text.contains("<p>of Ana</p>"))
        #expect(try !house.get("/admin/orders/\(orderID)", as: manager).text.contains("panel-fax"))
    }

    @Test func `that throws or sleeps leaves the page whole, with a line that names its plugin`() throws {
        let gate = Gate()
        let house = try house(
            [
                .dashboard("app.name", order: 1) { _ in throw Jammed() },
                .dashboard("app.name", order: 2) { _ in Self.html },
                .dashboard("app.name", order: 3) { _ in
                    gate.pass()
                    return Self.html
                },
            ], patience: .milliseconds(20))
        let page = try house.get("/admin", as: house.person(.owner))
        #expect(page.status == 200)
        #expect(page.text.contains("The plugin Fax machine could not draw this."))
        #expect(page.text.contains("<p>of the panel</p>"))
        #expect(page.text.contains("The plugin Fax machine takes too long to draw this."))
        #expect(page.text.contains("</html>"))
    }
}
