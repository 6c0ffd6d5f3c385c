import App
import Core
import Crypto
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import Store
import TestSupport
import Testing
import Text

/// The plugin that docs/plugins.md shows does what it says there.
@Suite struct `The example plugin` {
    private static let file = "Tests/PluginTests/Example/SignaturePlugin.swift"
    private let house: TestHost
    private let owner: TestCaller

    init() throws {
        house = try TestHost(plugins: [SignaturePlugin()])
        owner = try house.person(.owner)
    }

    private func send(_ text: String) throws -> ID {
        let contact = try house.contact("+12025550123", name: "Ana", grants: Purpose.consentable)
        let planned = try house.host.planner.plan([
            MessageDraft(
                intentKey: "test:1", purpose: .test, contactID: contact.id, content: MessageContent(text: text),
                source: MessageSource(kind: .api))
        ])
        try house.work()
        return try #require(planned.first?.id)
    }

    @Test func `stands in the docs word for word, in some thirty lines`() throws {
        let code = String(decoding: try #require(RepositoryFile.read(Self.file)), as: UTF8.self)
        let docs = String(decoding: try #require(RepositoryFile.read("docs/plugins.md")), as: UTF8.self)
        #expect(docs.contains("```swift\n" + code + "```\n"))
        let plugin = try #require(code.firstRange(of: "struct SignaturePlugin"))
        let end = try #require(code.firstRange(of: "\n}\n"))
        let lines = code[plugin.lowerBound..<end.lowerBound].split(separator: "\n").filter { line in
            line.contains { $0.isLetter } && !line.drop { $0 == " " }.hasPrefix("//")
        }
        #expect(lines.count <= 33)
    }

    @Test func `has a setting with a form, and signs each message by it, named in the trail`() throws {
        let form = try house.get("/admin/settings/signature", as: owner)
        #expect(form.text.contains("Last line of each message"))
        let saved = try house.post("/admin/settings/signature", form: [("signature.line", "Yours, Wool")], as: owner)
        #expect(saved.status == 303)
        let id = try send("Thank you.")
        #expect(house.channel.texts == ["Thank you.\nYours, Wool"])
        let page = try house.get("/admin/messages/\(id)", as: owner).text
        #expect(
            page.firstMatch(
                of: /The plugin signature changed the message at cartwright_message_draft \([0-9]+\.[0-9] ms\)\./)
                != nil)
    }

    @Test func `has a page in the sidebar, with what it counted in its own table, until its job forgets it`() throws {
        _ = try send("Thank you.")
        let page = try house.get("/admin/signature", as: owner)
        #expect(page.status == 200)
        #expect(page.text.contains("Messages signed: 1"))
        #expect(page.text.contains("<a href=\"/admin/signature\" aria-current=\"page\">Signature</a>"))
        try house.runJobs()
        #expect(try house.get("/admin/signature", as: owner).text.contains("Messages signed: 0"))
        #expect(try house.get("/admin/signature").status == 303)
    }

    @Test func `answers at a route of its own`() throws {
        #expect(try house.get("/signature.txt").text == "Your team")
    }

    @Test func `has its script served to the shop's pages`() throws {
        let key = house.host.settings[HostSettings.siteKey]
        let script = try house.get("/embed/config?site=\(key)").json()["scripts"][0]
        let url = try #require(script["url"].string)
        let path = try #require(url.firstRange(of: "/embed/")).lowerBound
        let served = try house.get(String(url[path...]))
        #expect(url.hasPrefix("https://cartwright.example/embed/signature/signed.js?v="))
        #expect(served.status == 200)
        #expect(served.text == "document.documentElement.dataset.signature = 'on'")
        #expect(served.headers["Content-Type"] == "text/javascript; charset=utf-8")
        #expect(served.headers["Cache-Control"] == "public, max-age=31536000, immutable")
        #expect(served.headers["Access-Control-Allow-Origin"] == "*")
        #expect(script["integrity"].string == "sha256-" + SHA256.hash(served.text).base64)
        let tag = try #require(served.headers["ETag"])
        let again = try house.send(.get, "/embed/signature/signed.js", headers: ["If-None-Match": tag])
        #expect(again.status == 304)
        #expect(try house.get("/embed/signature/signed.js?v=old").headers["Cache-Control"] == "public, no-cache")
        #expect(try house.get("/embed/signature/other.js").status == 404)
        #expect(try house.post("/admin/plugins/signature/deactivate", form: [], as: owner).status == 303)
        #expect(try house.get(String(url[path...])).status == 404)
    }
}
