import App
import Core
import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

/// Pages that say what is, in words for who keeps a shop.
@Suite struct `Pages in plain words` {
    @Test func `settings name their usual spans in words`() throws {
        let house = try TestHost()
        let owner = try house.person()
        let page = try house.get("/admin/settings/keeping", as: owner).text
        #expect(page.contains("Normally 30 days.") && page.contains("Normally 7."))
        #expect(page.contains("Keeping data"))
        #expect(!page.contains("Normally 30d"))
        let sending = try house.get("/admin/settings/sending", as: owner).text
        #expect(sending.contains("Normally 15 minutes."))
    }

    @Test func `a database that is away is named as what is away, to whoever looks after it`() throws {
        let house = try TestHost()
        let owner = try house.person()
        house.host.database.close()
        let page = try house.get("/admin", as: owner)
        #expect(page.status == 503)
        #expect(page.text.contains("The database does not answer"))
        #expect(page.text.contains("journalctl") && page.text.contains("doctor"))
    }

    @Test(arguments: TestDatabase.engines)
    func `the live shop's place is named as people name it, and leads on`(_ engine: Engine) throws {
        let house = try TestHost(engine)
        try house.host.recogniseInstance()
        try house.application.refresh()
        let page = try house.get("/admin/instance", as: house.person()).text
        #expect(page.contains(engine == .sqlite ? "SQLite" : "PostgreSQL"))
        #expect(page.contains("What leads on from here"))
    }

    @Test func `what needs a person stands before what is to be set up`() throws {
        let house = try TestHost(settings: ["sending.paused": "true"])
        let page = try house.get("/admin", as: house.person()).text
        let needs = try #require(page.firstRange(of: "id=\"needs\""))
        let steps = try #require(page.firstRange(of: "id=\"next\""))
        #expect(needs.lowerBound < steps.lowerBound)
    }
}
