import Core
import Domain
import HTTP
@testable import MetaCloudAPI
import PluginKit
import TestSupport
import Testing
import Text

@Suite struct `Meta's templates` {
    private static let first =
        "https://graph.example/v25.0/200000000000001/message_templates"
        + "?fields=id%2Cname%2Clanguage%2Cstatus%2Ccategory%2Ccomponents%2Cquality_score%2Cparameter_format&limit=100"

    private static func page(_ data: String, after: String? = nil) -> OutboundResponse {
        let next = after.map { #","next":"https://elsewhere.example/?after=\#($0)""# } ?? ""
        return OutboundResponse(
            status: 200,
            body: Array(#"{"data":[\#(data)],"paging":{"cursors":{"after":"\#(after ?? "end")"}\#(next)}}"#.utf8))
    }

    private static func entry(_ id: Int, body: String = "Hello") -> String {
        #"{"id":"\#(id)","name":"t\#(id)","language":"en_US","status":"APPROVED","category":"UTILITY","components":[{"type":"BODY","text":"\#(body)"}]}"#
    }

    @Test func `are followed over all pages, by cursors and never to another host`() throws {
        let house = try MetaHouse()
        house.house.http.expect(.get, Self.first, answer: Self.page(Self.entry(1), after: "A&B"))
        house.house.http.expect(.get, Self.first + "&after=A%26B", answer: Self.page(Self.entry(2), after: "C"))
        house.house.http.expect(.get, Self.first + "&after=C", answer: Self.page(Self.entry(3)))
        let templates = try #require(try house.channel.templates())
        #expect(templates.map(\.name) == ["t1", "t2", "t3"])
        #expect(
            house.house.http.requests.allSatisfy { $0.repeatable && $0.headers["Authorization"] == "Bearer token-1" })
        house.house.http.verify()
    }

    @Test(arguments: [
        ("Thank you", []), ("Thank you {{1}}, order {{2}}: {{3}}.", ["1", "2", "3"]),
        ("{{2}} before {{1}}, and {{ 2 }}", ["1", "2"]), ("{{10}} {{9}}", ["9", "10"]),
        ("Hi {{first_name}}, {{order_number}} for {{first_name}}", ["first_name", "order_number"]),
        ("{1} {{}} {{a b}}", []),
    ])
    func `tell the parameters of their body`(body: String, parameters: [String]) {
        #expect(TemplateCatalogue.placeholders(of: body) == parameters)
    }

    @Test func `are kept with everything that Meta says of them`() throws {
        let json = try JSON(
            parsing:
                #"{"id":"5","name":"order_paid","language":"pt_BR","status":"PAUSED","category":"UTILITY","quality_score":{"score":"YELLOW"},"parameter_format":"NAMED","components":[{"type":"HEADER","format":"TEXT","text":"Hi"},{"type":"BODY","text":"Hi {{name}} <b>","example":{"n":[1.50,null,true]}}]}"#
        )
        let template = try TemplateCatalogue.template(json)
        #expect(template.externalID == "5")
        #expect(template.language == "pt_BR")
        #expect(template.status == "PAUSED")
        #expect(template.bodyParameters == ["name"])
        #expect(template.bodyText == "Hi {{name}} <b>")
        #expect(template.quality == "YELLOW")
        let components = try JSON(parsing: template.components)
        #expect(components[0]["format"].string == "TEXT")
        #expect(components[1]["text"].string == "Hi {{name}} <b>")
        #expect(components[1]["example"]["n"][0].rawNumber == "1.50")
        #expect(components[1]["example"]["n"][1].isNull)
        #expect(components[1]["example"]["n"][2].bool == true)
    }

    @Test func `are not lost for one that cannot be read`() throws {
        let house = try MetaHouse()
        house.house.http.expect(
            .get, Self.first, answer: Self.page([#"{"id":"9"}"#, "7", Self.entry(1)].joined(separator: ",")))
        #expect(try house.channel.templates()?.map(\.name) == ["t1"])
    }

    @Test func `end even where Meta's list does not`() throws {
        let house = try MetaHouse()
        house.house.http.expect(.get, Self.first, answer: Self.page(Self.entry(1), after: "A"))
        for _ in 1..<100 {
            house.house.http.expect(.get, Self.first + "&after=A", answer: Self.page(Self.entry(1), after: "A"))
        }
        #expect(throws: MetaError.self) { try house.channel.templates() }
    }

    @Test(arguments: ["meta.waba_id", "meta.access_token"])
    func `are not asked for before everything is set up`(key: String) throws {
        let house = try MetaHouse([key: nil])
        #expect(try house.channel.templates() == nil)
        #expect(house.house.http.requests.isEmpty)
    }

    @Test(
        arguments: [(190, nil), (80007, Timestamp.Span.minutes(10)), (130429, .minutes(1))] as [(Int, Timestamp.Span?)])
    func `are asked for again when Meta's refusal says so`(code: Int, wait: Timestamp.Span?) throws {
        let house = try MetaHouse()
        house.house.http.expect(
            .get, Self.first,
            answer: OutboundResponse(status: 400, body: Array(#"{"error":{"message":"No","code":\#(code)}}"#.utf8)))
        let failure = try #require(throws: JobFailure.self) { try house.channel.templates() }
        switch failure.retry {
        case .after(let span): #expect(span == wait)
        case .never: #expect(wait == nil)
        }
    }

    @Test(.enabled(if: !MetaExamples.names.isEmpty)) func `are read in the published pages`() throws {
        let house = try MetaHouse()
        house.house.http.expect(
            .get, Self.first,
            answer: OutboundResponse(status: 200, body: try MetaExamples.bytes("response-template-list-first-page")))
        house.house.http.expect(
            .get, Self.first + "&after=MjQZD",
            answer: OutboundResponse(status: 200, body: try MetaExamples.bytes("response-template-list-last-page")))
        let templates = try #require(try house.channel.templates())
        #expect(templates.map(\.name) == ["order_confirmation", "cart_reminder", "old_promo"])
        #expect(templates[0].bodyParameters == ["1", "2", "3"])
        #expect(templates.map(\.status) == ["APPROVED", "PENDING", "ARCHIVED"])
        #expect(templates.map(\.quality) == ["GREEN", nil, "UNKNOWN"])
    }
}
