import App
import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import Sandbox
import Store
import TestSupport
import Testing

/// The sandbox in a whole program: ledger, pages and consents are the real ones.
@Suite struct `The sandbox in the house` {
    private static let phone = "+12025550123"

    private func house(_ sandbox: any Plugin = SandboxPlugin()) throws -> TestHost {
        try TestHost(plugins: [sandbox])
    }

    /// Has a message sent, and returns its id.
    private func send(_ text: String, in house: TestHost) throws -> ID {
        let contact = try house.contact(Self.phone, name: "Ada", grants: Purpose.consentable)
        let planned = try house.host.planner.plan([
            MessageDraft(
                intentKey: "test:1", purpose: .test, contactID: contact.id, content: MessageContent(text: text),
                source: MessageSource(kind: .api))
        ])
        try house.work()
        return try #require(planned.first?.id)
    }

    private func row(_ id: ID, in house: TestHost) throws -> LedgerRow {
        let found = try house.host.database.read { tx in try MessagesTable.find(id, in: tx) }
        return try #require(found)
    }

    private func chat(in house: TestHost, as person: TestCaller) throws -> String {
        let list = try house.get("/admin/phone", as: person).text
        let match = try #require(list.firstMatch(of: /"(\/admin\/phone\/[0-9]+)"/))
        return String(match.1)
    }

    @Test func `shows a message as a phone does`() throws {
        let house = try house()
        let id = try send("Hello *Ada*,\n<b>thanks</b> https://shop.example/", in: house)
        #expect(try row(id, in: house).status == .sent)
        let manager = try house.person(.manager)
        let page = try house.get(chat(in: house, as: manager), as: manager)
        #expect(page.status == 200)
        #expect(page.text.contains(#"<span data-style="bold">Ada</span>"#))
        #expect(page.text.contains(#"<span data-style="link">https://shop.example/</span>"#))
        #expect(page.text.contains("&lt;b&gt;thanks"))
        #expect(page.text.contains("Ada"))
        #expect(page.text.contains("/admin/messages/\(id)"))
    }

    @Test func `hides the phone from a viewer, and every form`() throws {
        let house = try house()
        _ = try send("Hello", in: house)
        let viewer = try house.person(.viewer)
        let page = try house.get(chat(in: house, as: viewer), as: viewer).text
        #expect(!page.contains(Self.phone))
        #expect(!page.contains("/answer"))
        #expect(!page.contains("/status"))
    }

    @Test func `is silent before the first message`() throws {
        let house = try house()
        let page = try house.get("/admin/phone", as: house.person(.viewer))
        #expect(page.status == 200)
        #expect(try house.get("/admin/phone/1", as: house.person(.manager)).status == 404)
    }

    @Test func `moves the ledger by what is reported on the phone`() throws {
        let house = try house()
        let id = try send("Hello", in: house)
        let manager = try house.person(.manager)
        let chat = try chat(in: house, as: manager)
        for status in [MessageStatus.delivered, .read] {
            let answer = try house.post(
                chat + "/status", form: [("message", "\(id)"), ("status", status.rawValue)], as: manager)
            #expect(answer.status == 303)
            #expect(try row(id, in: house).status == status)
        }
    }

    @Test func `carries a STOP into the consents`() throws {
        let house = try house()
        _ = try send("Hello", in: house)
        let manager = try house.person(.manager)
        let chat = try chat(in: house, as: manager)
        #expect(try house.post(chat + "/answer", form: [("quick", "STOP")], as: manager).status == 303)
        let states = try house.host.database.read { tx in
            let contact = try ContactsTable.find(phone: Self.phone, in: tx)
            return try contact.map { try ConsentStatesTable.all(of: $0.id, in: tx) } ?? [:]
        }
        #expect(!states.isEmpty)
        #expect(states.values.allSatisfy { $0.state == .withdrawn })
        #expect(try house.get(chat, as: manager).text.contains("STOP"))
    }

    @Test func `finds a message again whose delivery was not noted before a crash`() throws {
        let house = try house(ForgetfulSandbox())
        let id = try send("Hello", in: house)
        #expect(try row(id, in: house).status == .unknown)
        try house.runJobs()
        #expect(try row(id, in: house).status == .sent)
    }
}

/// A sandbox whose answers never reach the ledger.
private struct ForgetfulSandbox: Plugin {
    private let sandbox = SandboxPlugin()

    var declaration: PluginDeclaration { sandbox.declaration }

    func parts(_ context: PluginContext) throws -> PluginParts {
        var parts = try sandbox.parts(context)
        parts.channels = parts.channels.map(ForgetfulChannel.init)
        return parts
    }

    private struct ForgetfulChannel: Channel {
        let sandbox: any Channel

        var id: String { sandbox.id }
        var abilities: ChannelAbilities { sandbox.abilities }
        func sendingNumber() -> String? { sandbox.sendingNumber() }
        func outcome(of response: OutboundResponse) -> SendOutcome { sandbox.outcome(of: response) }
        func templates() throws -> [ChannelTemplate]? { nil }

        func call(_ message: OutgoingMessage) throws -> ChannelCall {
            guard case .local(let deliver) = try sandbox.call(message) else { throw Crash() }
            return .local {
                _ = try deliver()
                throw Crash()
            }
        }
    }

    private struct Crash: Error {}
}
