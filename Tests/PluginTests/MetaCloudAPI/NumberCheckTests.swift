import Core
import HTTP
import MetaCloudAPI
import PluginKit
import Templating
import TestSupport
import Testing

@Suite struct `What the doctor asks Meta` {
    private static let url =
        "https://graph.example/v25.0/100000000000001?fields=display_phone_number%2Cverified_name%2Cquality_rating%2Cstatus"

    private func finding(_ answer: OutboundResponse) throws -> HealthFinding {
        let house = try MetaHouse()
        house.house.http.expect(.get, Self.url, answer: answer)
        let found = try #require(house.parts.checks.first { $0.id == "meta.number" }).run()
        house.house.http.verify()
        return found
    }

    @Test(arguments: [
        (200, #"{"verified_name":"Wool","quality_rating":"GREEN"}"#, HealthFinding.Grade.ok, "answers"),
        (200, #"{"verified_name":"Wool","quality_rating":"RED"}"#, .warn, "red"),
        (401, #"{"error":{"code":190,"message":"expired"}}"#, .fail, "refused"), (502, "<html>", .fail, "refused"),
        (200, "<html>", .fail, "refused"),
    ])
    func `is told by its answer`(status: Int, body: String, grade: HealthFinding.Grade, word: String) throws {
        let found = try finding(OutboundResponse(status: status, body: Array(body.utf8)))
        #expect(found.grade == grade)
        #expect(found.text.key == "check.meta.number." + word)
        let words = try PluginContextDouble().context.pages.words(locale: "en")
        #expect(words.has(found.text.key))
        #expect((found.next.map { words.has($0.key) } ?? false) == (grade != .ok))
    }

    @Test func `fails while Meta cannot be reached`() throws {
        let house = try MetaHouse()
        house.house.http.expect(.get, Self.url, failure: HTTPClientError(.notSent, "no route"))
        let found = try #require(house.parts.checks.first).run()
        #expect(found.grade == .fail)
        #expect(found.text.arguments["reason"] == .text("no route"))
    }

    @Test func `calls nobody before Meta is set up`() throws {
        let house = try MetaHouse(["meta.access_token": nil])
        let check = try #require(house.parts.checks.first)
        #expect(check.callsOutside)
        #expect(try check.run().grade == .ok)
        #expect(house.house.http.requests.isEmpty)
    }
}
