import Core
import Domain
import HTTP
import MetaCloudAPI
import PluginKit
import TestSupport
import Testing

/// The channel, the real client and Meta's double, which holds each request against the published schemas.
@Suite struct `Meta over the wire` {
    private func house(for meta: MetaDouble) throws -> MetaHouse {
        try MetaHouse([
            "meta.graph_url": meta.url, "meta.access_token": meta.accessToken.reveal(),
            "meta.phone_number_id": meta.phoneNumberID, "meta.waba_id": meta.wabaID,
            "meta.app_secret": meta.appSecret.reveal(),
        ])
    }

    private func send(_ house: MetaHouse, _ body: OutgoingMessage.Body) throws -> SendOutcome {
        let client = try CurlClient(version: "1")
        defer { client.close() }
        return house.channel.outcome(of: try client.send(house.request(house.message(body))))
    }

    @Test func `takes texts and templates as we write them`() throws {
        let meta = try MetaDouble(templates: [
            MetaTemplate(id: "1", name: "order_paid", body: "Hi {{1}}, order {{2}} is paid."),
            MetaTemplate(id: "2", name: "order_shipped", language: "en_US", body: "{{first_name}}: {{carrier}}"),
        ])
        let house = try house(for: meta)
        let call = TemplateCall(
            name: "order_paid", language: "en_US",
            parameters: [.init(name: "1", value: "Ada"), .init(name: "2", value: "A\n1042")])
        let named = TemplateCall(
            name: "order_shipped", language: "en_US",
            parameters: [.init(name: "carrier", value: "Post"), .init(name: "first_name", value: "Ada")])
        for body in [OutgoingMessage.Body.text("Hello"), .template(call), .template(named)] {
            guard case .accepted = try send(house, body) else {
                Issue.record("\(body) was not accepted")
                continue
            }
        }
        #expect(meta.violations.isEmpty)
        #expect(meta.sends.map(\.callbackData) == ["77.2", "77.2", "77.2"])
        #expect(meta.sends.map(\.parameters) == [[], ["Ada", "A 1042"], ["Post", "Ada"]])
    }

    @Test func `is understood whatever it replies`() throws {
        let meta = try MetaDouble()
        let house = try house(for: meta)
        meta.reply(
            .heldForQualityAssessment, .withoutID, .bare(502), .redirect, .error(131056), .error(131000), .error(190))
        var told: [String] = []
        for _ in 1...7 {
            switch try send(house, .text("Hello")) {
            case .accepted(_, let isHeld): told.append("accepted \(isHeld)")
            case .refused(let failure, _, _): told.append(failure.failureClass.rawValue)
            case .unknown(let code, _, _): told.append(code)
            }
        }
        #expect(
            told == [
                "accepted true", "no_message_id", "http_502", "our_bug", "slow_person", "provider_trouble",
                "stop_number",
            ])
        #expect(meta.violations.isEmpty)
    }

    @Test func `gives all templates, page by page`() throws {
        let all = (1...130).map { MetaTemplate(id: "\($0)", name: "t_\($0)", body: "Hi {{1}}") }
        let meta = try MetaDouble(templates: all)
        let client = try CurlClient(version: "1")
        defer { client.close() }
        let house = try house(for: meta)
        let channel = MetaChannel(settings: house.house.settings, http: client, clock: house.house.clock)
        #expect(try channel.templates()?.map(\.name) == all.map(\.name))
        #expect(meta.violations.isEmpty)
    }

    @Test func `is believed in what it signs and reports`() throws {
        let meta = try MetaDouble()
        let house = try house(for: meta)
        guard case .accepted(let id, _) = try send(house, .text("Hello")) else {
            Issue.record("not accepted")
            return
        }
        let webhook = try #require(meta.webhook("delivered", of: meta.sends[0]))
        let response = try house.answer(.post, "/hooks/meta", headers: webhook.headers, body: webhook.body)
        #expect(response.status == 200)
        let stored = try #require(house.house.deliveries.stored.first)
        let update = StatusUpdate(
            channel: "meta", providerID: id, attempt: AttemptRef(messageID: ID(77), number: 2), status: .delivered,
            at: Timestamp(seconds: meta.clock.now().milliseconds / 1000))
        #expect(house.meaning(of: stored.body) == .effects([.status(update)]))
    }
}
