import Core
import Crypto
import Domain
import HTTP
@testable import MetaCloudAPI
import PluginKit
import TestSupport
import Testing
import Text

@Suite struct `Meta's webhook` {
    private static let check = "/hooks/meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
    private static let event = Array(
        #"{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{}}]}]}"#.utf8)

    private static func signature(_ body: [UInt8], _ secret: Secret = MetaHouse.secret) -> Headers {
        ["X-Hub-Signature-256": "sha256=" + Signature(key: secret).code(for: body).hex]
    }

    // MARK: The check of the address

    @Test func `gives the challenge back to whoever knows the token`() throws {
        let response = try MetaHouse().answer(.get, Self.check + "example-verify-token")
        #expect(response.status == 200)
        #expect(response.bytes == Array("1158201444".utf8))
        #expect(response.headers["Content-Type"]?.hasPrefix("text/plain") == true)
    }

    @Test(arguments: [
        "/hooks/meta?hub.mode=subscribe&hub.challenge=1&hub.verify_token=guess", "/hooks/meta",
        "/hooks/meta?hub.mode=subscribe&hub.challenge=1",
        "/hooks/meta?hub.mode=subscribe&hub.challenge=1&hub.verify_token=",
        "/hooks/meta?hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=example-verify-token",
        "/hooks/meta?hub_mode=subscribe&hub_challenge=1&hub_verify_token=example-verify-token",
    ])
    func `shows nothing to anybody else`(target: String) throws {
        let house = try MetaHouse()
        let response = try house.answer(.get, target)
        #expect(response.status == 403)
        #expect(response.bytes != Array("1".utf8))
        #expect(house.house.deliveries.refusals.map(\.reason) == ["verify_token"])
    }

    @Test(arguments: ["", nil]) func `cannot be checked before there is a token`(token: String?) throws {
        let house = try MetaHouse(["meta.verify_token": token])
        #expect(try house.answer(.get, Self.check).status == 503)
    }

    @Test(
        .enabled(if: !MetaExamples.names.isEmpty),
        arguments: ["verification-request-ok", "verification-request-wrong-token"])
    func `answers the documented checks`(name: String) throws {
        let vector = try MetaExamples.json(name)
        let house = try MetaHouse(["meta.verify_token": vector["configured_verify_token"].string])
        let query = (vector["query"].object ?? []).map { (name: $0.key, value: $0.value.string ?? "") }
        let response = try house.answer(.get, "/hooks/meta?" + URLEncoding.encode(query))
        #expect(response.status.rawValue == vector["expect"]["status"].int)
        if let body = vector["expect"]["body"].string { #expect(response.bytes == Array(body.utf8)) }
    }

    // MARK: Events

    @Test func `stores what is signed before it answers`() throws {
        let house = try MetaHouse()
        let response = try house.answer(.post, "/hooks/meta", headers: Self.signature(Self.event), body: Self.event)
        #expect(response.status == 200)
        let stored = try #require(house.house.deliveries.stored.first)
        #expect(stored.endpoint == "meta")
        #expect(stored.topic == "messages")
        #expect(stored.body == Self.event)
        #expect(house.house.deliveries.refusals.isEmpty)
    }

    @Test(arguments: ["", "not json", "[]", #"{"object":"page"}"#, "\u{0}", #"{"entry":[{"changes":7}]}"#])
    func `stores what is signed whatever it says`(text: String) throws {
        let house = try MetaHouse()
        let body = Array(text.utf8)
        #expect(try house.answer(.post, "/hooks/meta", headers: Self.signature(body), body: body).status == 200)
        #expect(house.house.deliveries.stored.map(\.body) == [body])
    }

    @Test func `does not say that it stored what it could not`() throws {
        struct Full: Error {}
        let house = try MetaHouse()
        house.house.deliveries.fail(Full())
        #expect(throws: Full.self) {
            try house.answer(.post, "/hooks/meta", headers: Self.signature(Self.event), body: Self.event)
        }
    }

    static let forged: [(Headers, String)] = [
        ([:], "signature_missing"),
        (["X-Hub-Signature": "sha1=6bf62b095fe5ddd76323ff0f03cb83dd54fb0ac1"], "signature_missing"),
        (["X-Hub-Signature-256": ""], "signature_wrong"), (["X-Hub-Signature-256": "sha256="], "signature_wrong"),
        (["X-Hub-Signature-256": "sha256=" + String(repeating: "0", count: 64)], "signature_wrong"),
        (["X-Hub-Signature-256": Signature(key: MetaHouse.secret).code(for: event).hex], "signature_wrong"),
        (signature(event, Secret("another")), "signature_wrong"), (signature(event + [32]), "signature_wrong"),
    ]

    @Test(arguments: forged) func `refuses what is not signed by Meta`(headers: Headers, reason: String) throws {
        let house = try MetaHouse()
        #expect(try house.answer(.post, "/hooks/meta", headers: headers, body: Self.event).status == 401)
        #expect(house.house.deliveries.stored.isEmpty)
        #expect(house.house.deliveries.refusals == [.init(endpoint: "meta", reason: reason)])
    }

    @Test func `takes nothing before there is a secret`() throws {
        let house = try MetaHouse(["meta.app_secret": nil])
        let body = Self.event
        let response = try house.answer(.post, "/hooks/meta", headers: Self.signature(body, Secret("")), body: body)
        #expect(response.status == 503)
        #expect(response.headers["Retry-After"] != nil)
        #expect(house.house.deliveries.stored.isEmpty)
        #expect(house.house.deliveries.refusals.map(\.reason) == ["no_secret"])
    }

    @Test func `names a secret that no key opens`() throws {
        let house = try MetaHouse()
        house.house.settings.spoil("meta.app_secret")
        #expect(
            try house.answer(.post, "/hooks/meta", headers: Self.signature(Self.event), body: Self.event).status == 503)
        #expect(house.house.deliveries.refusals.map(\.reason) == ["secret_unreadable"])
    }

    @Test func `takes batches as large as Meta's, and no larger`() throws {
        let limit = try #require(MetaHouse().parts.routes.first { $0.method == .post }).bodyLimit
        #expect(limit >= 3 << 20)
        #expect(limit == 5 << 20)
    }

    @Test(.enabled(if: !MetaExamples.names.isEmpty)) func `judges the documented signatures`() throws {
        let cases = try MetaExamples.json("signature-cases")["cases"].expectArray()
        #expect(!cases.isEmpty)
        for vector in cases {
            let house = try MetaHouse(["meta.app_secret": vector["app_secret"].string])
            let body = try #require([UInt8](base64: vector["raw_body_base64"].expectString()))
            let signature = try vector["x_hub_signature_256"].expectString()
            let headers: Headers = signature.isEmpty ? [:] : ["X-Hub-Signature-256": signature]
            let accepts = vector["expect"].string == "accept"
            let response = try house.answer(.post, "/hooks/meta", headers: headers, body: body)
            #expect(response.status == (accepts ? 200 : 401), "\(vector["name"].string ?? "")")
            #expect(house.house.deliveries.stored.count == (accepts ? 1 : 0))
        }
    }
}
