import App
import Core
import Crypto
import Database
import HTTP
import PluginKit
import SQL
import Store
import TestSupport
import Testing
import Text

@Suite struct AlertTellingTests {
    @Test(arguments: TestDatabase.engines)
    func `what opens is told by mail and to a program at once, and what is over too`(_ engine: Engine) throws {
        let alerts = try AlertHouse(engine)
        alerts.host.alerts.open(AlertHouse.alert())
        alerts.host.alerts.open(AlertHouse.alert())
        try alerts.house.runJobs()
        #expect(alerts.subjects == ["My shop: “Größe shop.webhooks” fails again and again."])
        let mail = try #require(alerts.mail.mails.first)
        #expect(mail.to == ["owner@shop.example", "night@shop.example"])
        #expect(mail.text.contains("https://cartwright.example/admin/jobs"))
        let request = try #require(alerts.program.requests.first)
        #expect(request.path == "/alerts")
        let json = try JSON(parsing: request.body)
        #expect(json["event"].string == "alerts")
        #expect(json["test"].bool == false)
        #expect(json["alerts"][0]["id"].string == "shop.webhooks")
        #expect(json["alerts"][0]["severity"].string == "bad")
        #expect(json["alerts"][0]["url"].string == "https://cartwright.example/admin/jobs")
        #expect(json["alerts"][0]["closed_at"].isNull)

        alerts.house.clock.advance(by: .minutes(10))
        alerts.host.alerts.close("shop.webhooks")
        try alerts.house.runJobs()
        #expect(alerts.subjects.count == 2)
        #expect(alerts.subjects.last?.contains("Over: ") == true)
        #expect(try alerts.states() == [["opened"], ["closed"]])
        #expect(try alerts.routes()["email"]?.lastError == nil)
    }

    @Test func `what stays open is told again each day, and nothing in between`() throws {
        let alerts = try AlertHouse()
        alerts.host.alerts.open(AlertHouse.alert())
        try alerts.house.runJobs()
        for _ in 0..<23 { try alerts.wait(.hours(1)) }
        #expect(alerts.mail.mails.count == 1)
        try alerts.wait(.hours(1))
        #expect(alerts.subjects.last?.contains("Still: ") == true)
        #expect(alerts.mail.mails.count == 2)
    }

    @Test func `a storm is told in few mails, and none of it is lost`() throws {
        let alerts = try AlertHouse()
        for number in 0..<30 {
            alerts.host.alerts.open(AlertHouse.alert("shop.storm\(number)", .warning))
            try alerts.wait(.minutes(1))
        }
        #expect(alerts.mail.mails.count == 6)
        try alerts.wait(.hours(1))
        #expect(alerts.mail.mails.count == 7)
        #expect(try alerts.states().joined().count == 30)
        #expect(alerts.subjects.last?.contains("24 things need you") == true)
    }

    @Test func `a mail server that is away is tried again until it takes the mail`() throws {
        let alerts = try AlertHouse()
        alerts.mail.add(.says("450 come back later", at: "RCPT"), .closes(at: "DATA"))
        alerts.host.alerts.open(AlertHouse.alert())
        try alerts.house.runJobs()
        #expect(alerts.mail.mails.isEmpty)
        #expect(try alerts.routes()["email"]?.lastError?.contains("450") == true)
        #expect(alerts.program.requests.count == 1)
        for _ in 0..<3 { try alerts.wait(.minutes(1)) }
        #expect(alerts.mail.mails.count == 1)
        #expect(try alerts.routes()["email"]?.lastError == nil)
        #expect(alerts.program.requests.count == 1)
    }

    @Test func `a refusal for good is not repeated, and the other routes tell of it`() throws {
        let alerts = try AlertHouse()
        alerts.mail.add(.says("550 no such box", at: "RCPT"), .says("550 no such box", at: "RCPT"))
        alerts.host.alerts.open(AlertHouse.alert())
        for _ in 0..<3 { try alerts.wait(.minutes(1)) }
        #expect(try alerts.openIDs().contains("host.alert_route.email"))
        let said = try alerts.program.requests.map { try JSON(parsing: $0.body)["alerts"][0]["id"].string }
        #expect(said == ["shop.webhooks", "host.alert_route.email"])
        alerts.host.alerts.open(AlertHouse.alert("shop.other"))
        for _ in 0..<2 { try alerts.wait(.minutes(1)) }
        #expect(try !alerts.openIDs().contains("host.alert_route.email"))
    }

    @Test func `a redirect leads nowhere`() throws {
        let elsewhere = try MisbehavingServer()
        let alerts = try AlertHouse()
        alerts.program.add(.answer(302, headers: ["Location": elsewhere.url]))
        alerts.host.alerts.open(AlertHouse.alert())
        try alerts.house.runJobs()
        #expect(elsewhere.requests.isEmpty)
        #expect(try alerts.routes()["webhook"]?.lastError == "HTTP 302")
    }

    @Test func `an alert to a phone is a message of the ledger, with its state beside the route`() throws {
        let alerts = try AlertHouse(settings: [
            "alerts.email": "", "alerts.webhook": "", "alerts.phone": "+12025550100",
        ])
        alerts.host.alerts.open(AlertHouse.alert())
        try alerts.house.runJobs()
        try alerts.house.work()
        #expect(alerts.house.channel.texts.first?.contains("fails again and again") == true)
        let page = try alerts.house.get("/admin/settings/alerts", as: alerts.house.person()).text
        let message = try #require(try alerts.routes()["whatsapp"]?.lastMessage)
        #expect(page.contains("/admin/messages/\(message)"))
    }

    @Test func `while nobody is to be told nothing is lost, and the first route hears of it`() throws {
        let alerts = try AlertHouse(settings: ["alerts.email": "", "alerts.webhook": ""])
        alerts.host.alerts.open(AlertHouse.alert())
        try alerts.wait(.days(2))
        #expect(alerts.mail.mails.isEmpty)
        try alerts.host.settings.change(["alerts.email": "owner@shop.example"], by: "test")
        try alerts.wait(.minutes(1))
        #expect(alerts.mail.mails.count == 1)
    }

    @Test func `a test alert says of each route how it went, and is on record`() throws {
        let alerts = try AlertHouse()
        let owner = try alerts.house.person()
        alerts.mail.add(.says("535 who are you?", at: "MAIL"))
        let failed = try alerts.house.post("/admin/alerts/test", form: [], as: owner)
        #expect(failed.location == "/admin/settings/alerts")
        let page = try alerts.house.get("/admin/settings/alerts", as: owner).text
        #expect(page.contains("535"))
        #expect(page.contains("The last alert was taken."))
        _ = try alerts.house.post("/admin/alerts/test", form: [], as: owner)
        #expect(alerts.subjects == ["My shop: This is a test: alerts reach you."])
        let audit = try alerts.host.database.read { tx in
            try AuditTable.page(PageRequest(), action: "alert.tested", in: tx).rows
        }
        #expect(audit.count == 2)
    }

    @Test(arguments: [
        ("smtp.url", "mail.example"), ("alerts.email", "owner"), ("alerts.email", "a@b.example,c d@e.example"),
        ("alerts.phone", "2025550100"), ("alerts.from", "a@b.example,c@d.example"), ("alerts.webhook", "chat.example"),
    ])
    func `what cannot be used is refused when it is entered`(key: String, value: String) throws {
        let house = try TestHost()
        #expect(throws: SettingProblems.self) { try house.host.settings.change([key: value], by: "test") }
    }
}
