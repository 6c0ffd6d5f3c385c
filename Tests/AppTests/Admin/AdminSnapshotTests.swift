import Core
import Domain
import Store
import TestSupport
import Testing

/// The main part of each page as it was last looked at: `RECORD=1` writes them anew.
struct AdminSnapshotTests {
    private func check(_ page: TestResponse, _ name: String) throws {
        let start = try #require(page.text.firstRange(of: "<main"))
        let end = try #require(page.text.firstRange(of: "</main>"))
        let main = String(page.text[start.lowerBound..<end.upperBound]) + "\n"
        try Snapshot.check(Snapshot.steady(main), "Tests/AppTests/Admin/Pages/\(name).html")
    }

    @Test func `an empty house`() throws {
        let house = try TestHost()
        let owner = try house.person(.owner)
        try check(house.get("/admin", as: owner), "dashboard-empty")
        for list in ["orders", "contacts", "messages", "deliveries", "search"] {
            try check(house.get("/admin/\(list)", as: owner), "\(list)-empty")
        }
        try check(house.get("/admin/login"), "login")
    }

    @Test func `a house at work`() throws {
        let filled = try FilledHouse()
        let house = filled.house
        let owner = try house.person(.owner)
        try check(house.get("/admin", as: owner), "dashboard")
        for list in ["orders", "contacts", "messages", "deliveries", "plugins"] {
            try check(house.get("/admin/\(list)", as: owner), list)
        }
        try check(house.get("/admin/search?q=ana", as: owner), "search")
        try check(house.get("/admin/orders/\(filled.order.id)", as: owner), "order")
        try check(house.get("/admin/orders/\(filled.unreachable.id)", as: owner), "order-unreachable")
        try check(house.get("/admin/contacts/\(filled.ana.id)", as: owner), "contact")
        try check(house.get("/admin/deliveries/\(filled.delivery)", as: owner), "delivery")
        for (status, id) in filled.messages {
            try check(house.get("/admin/messages/\(id)", as: owner), "message-\(status.rawValue)")
        }
        let refused = try house.post(
            "/admin/contacts/\(filled.ben.id)/consents", form: [("purpose", "orders"), ("action", "grant")], as: owner)
        try check(refused, "contact-refused")
    }

    @Test func `a house at work, to a viewer`() throws {
        let filled = try FilledHouse()
        let viewer = try filled.house.person(.viewer)
        try check(filled.house.get("/admin", as: viewer), "dashboard-viewer")
        try check(filled.house.get("/admin/contacts/\(filled.ana.id)", as: viewer), "contact-viewer")
    }
}
