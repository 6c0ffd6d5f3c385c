import App
import Core
import Domain
import HTTP
import Messaging
import TestSupport
import Testing
import Text

/// The dashboard's figures by API.
struct StatisticsAPITests {
    private let house: TestHost
    private let key: TestCaller

    init() throws {
        house = try TestHost()
        key = try house.key(.write)
    }

    @Test func `messages are counted by what they came to, within the time asked for`() throws {
        try house.contact("+12025550101", grants: [.orders])
        let start = house.clock.now()
        for text in ["one", "two"] {
            try house.post(
                "/api/v1/messages", json: #"{"to":"+12025550101","purpose":"orders","text":"\#(text)"}"#, as: key)
        }
        try house.post(
            "/api/v1/messages", json: #"{"to":"+12025550102","purpose":"marketing","text":"three"}"#, as: key)
        try house.work()
        house.clock.advance(by: .hours(1))
        let now = house.clock.now()
        let figures = try house.get("/api/v1/stats", as: key).json()
        #expect(try APIShapes(house).problems(of: figures, as: "Statistics") == [])
        #expect(figures["to"].string == now.rfc3339 && figures["from"].string == (now - .days(7)).rfc3339)
        #expect(figures["messages"]["sent"].int == 2)
        #expect(figures["messages"]["not_sent"].int == 1)
        #expect(figures["messages"]["failed"].int == 0)
        let before = try house.get("/api/v1/stats?to=\(start.rfc3339)", as: key).json()
        #expect(before["messages"]["sent"].int == 0)
    }

    @Test(arguments: [
        ("from=2026-11-20T00:00:00Z&to=2026-11-19T00:00:00Z", "from:invalid"),
        ("from=2020-01-01T00:00:00Z&to=2026-11-19T00:00:00Z", "from:invalid"), ("to=yesterday", "to:invalid"),
        ("colour=red", "colour:unknown"),
    ])
    func `a time that makes no sense is refused`(query: String, error: String) throws {
        #expect(try house.get("/api/v1/stats?\(query)", as: key).problem == ["422", error])
    }
}
