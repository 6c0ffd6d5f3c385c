import Core
import Domain
import HTTP
import PluginKit
@testable import Sandbox
import TestSupport
import Testing

@Suite struct `The sandbox phone` {
    private let sandbox: SandboxHouse

    init() throws { sandbox = try SandboxHouse() }

    private func status(_ status: String, of message: Int64 = 77) throws -> Response {
        try sandbox.parts.post(
            sandbox.firstChat() + "/status", form: [("message", "\(message)"), ("status", status)], by: .manager)
    }

    private func happened() throws -> [PhoneMessage] {
        try sandbox.page(sandbox.firstChat())?.open?.messages ?? []
    }

    // MARK: Looking

    @Test func `is silent before the first message`() throws {
        let page = try #require(try sandbox.page())
        #expect(page.chats.isEmpty)
        #expect(page.open == nil)
    }

    @Test func `lists the chats, the latest first, with what was said last`() throws {
        sandbox.house.contacts.add(
            ContactRef(id: ID(5), phone: "+12025550124", firstName: "Ada", lastName: "Example"))
        try sandbox.send("One", to: "+12025550123", message: 1)
        sandbox.house.clock.advance(by: .minutes(1))
        try sandbox.send("Two", to: "+12025550124", message: 2)
        sandbox.house.clock.advance(by: .minutes(1))
        try sandbox.send("Three", to: "+12025550124", message: 3)
        let page = try #require(try sandbox.page())
        #expect(page.chats.map(\.name) == ["Ada Example", "+12025550123"])
        #expect(page.chats.map(\.last) == ["Three", "One"])
        #expect(try sandbox.page(sandbox.firstChat())?.chats.map(\.isCurrent) == [true, false])
    }

    @Test func `shows no phone in an address`() throws {
        try sandbox.send("Hello")
        #expect(try !sandbox.firstChat().contains("2025550123"))
    }

    @Test func `masks phones for who may only look`() throws {
        try sandbox.send("Hello")
        let page = try #require(try sandbox.page(sandbox.firstChat(), as: .viewer))
        #expect(page.chats.map(\.phone) == ["+12•••••••23"])
        #expect(page.chats.map(\.name) == ["+12•••••••23"])
        #expect(page.open?.phone == "+12•••••••23")
        #expect(!page.canWrite)
        #expect(try sandbox.page(as: .manager)?.chats.map(\.phone) == ["+12025550123"])
    }

    @Test(arguments: ["/admin/phone/1", "/admin/phone/+12025550123", "/admin/phone/0"])
    func `does not find a chat that is not there`(path: String) throws {
        #expect(try sandbox.parts.answer(.get, path, by: .viewer).status == 404)
    }

    @Test func `is closed to strangers, and to viewers who would act`() throws {
        try sandbox.send("Hello")
        let chat = try sandbox.firstChat()
        #expect(try sandbox.parts.answer(.get, "/admin/phone").status == 403)
        for (path, form) in [("/answer", [("text", "Hi")]), ("/status", [("message", "77"), ("status", "read")])] {
            #expect(try sandbox.parts.post(chat + path, form: form, by: .viewer).status == 403)
        }
        #expect(sandbox.house.receipts.messages.isEmpty)
        #expect(try happened().map(\.status) == [.sent])
    }

    // MARK: Answering

    @Test(arguments: [("text", "STOP"), ("text", "  Thanks! "), ("quick", "STOP")])
    func `carries an answer to the shop`(field: String, text: String) throws {
        sandbox.house.contacts.add(ContactRef(id: ID(5), phone: "+12025550123", firstName: "Ada"))
        try sandbox.send("Hello")
        sandbox.house.clock.advance(by: .minutes(1))
        let chat = try sandbox.firstChat()
        let response = try sandbox.parts.post(chat + "/answer", form: [(field, text)], by: .manager)
        #expect(response.status == 303)
        #expect(response.headers["Location"] == chat)
        let heard = try #require(sandbox.house.receipts.messages.first)
        #expect(heard.channel == "sandbox")
        #expect(heard.phone == "+12025550123")
        #expect(heard.profileName == "Ada")
        #expect(heard.text == (text == "STOP" ? "STOP" : "Thanks!"))
        #expect(heard.at == sandbox.house.clock.now())
        let page = try #require(try sandbox.page(chat))
        #expect(page.open?.messages.map { $0.attempt == nil } == [false, true])
        #expect(page.chats.map(\.last) == [heard.text])
    }

    @Test func `tells each answer apart from every other`() throws {
        try sandbox.send("Hello")
        let chat = try sandbox.firstChat()
        for _ in 1...2 { _ = try sandbox.parts.post(chat + "/answer", form: [("text", "Yes")], by: .manager) }
        #expect(Set(sandbox.house.receipts.messages.map(\.providerID)).count == 2)
    }

    @Test(arguments: [[("text", "  ")], [], [("other", "x")]])
    func `carries no empty answer`(form: [(String, String)]) throws {
        try sandbox.send("Hello")
        let response = try sandbox.parts.post(sandbox.firstChat() + "/answer", form: form, by: .manager)
        #expect(response.status == 303)
        #expect(sandbox.house.receipts.messages.isEmpty)
    }

    // MARK: Reporting

    @Test(arguments: [["delivered"], ["read"], ["failed"], ["delivered", "read"]])
    func `reports what became of a message`(steps: [String]) throws {
        try sandbox.send("Hello")
        sandbox.house.clock.advance(by: .minutes(1))
        for step in steps { #expect(try status(step).status == 303) }
        let updates = sandbox.house.receipts.updates.dropFirst()
        #expect(updates.map(\.status.rawValue) == steps)
        #expect(updates.allSatisfy { $0.attempt == AttemptRef(messageID: ID(77), number: 1) })
        #expect(updates.allSatisfy { $0.providerID == "sandbox.77.1" && $0.at == sandbox.house.clock.now() })
        #expect(updates.allSatisfy { ($0.failure != nil) == ($0.status == .failed) })
        #expect(try happened().map(\.status.rawValue) == [steps.last])
    }

    @Test(arguments: [["read", "delivered"], ["failed", "read"], ["read", "failed"], ["delivered", "failed"]])
    func `never takes a report back`(steps: [String]) throws {
        try sandbox.send("Hello")
        for step in steps { _ = try status(step) }
        #expect(sandbox.house.receipts.updates.dropFirst().map(\.status.rawValue) == [steps[0]])
        #expect(try happened().map(\.status.rawValue) == [steps[0]])
    }

    @Test(arguments: [("planned", 77), ("", 77), ("read", 78)] as [(String, Int64)])
    func `reports nothing that makes no sense`(word: String, message: Int64) throws {
        try sandbox.send("Hello")
        #expect(try status(word, of: message).status == 303)
        #expect(sandbox.house.receipts.updates.count == 1)
    }

    @Test func `speaks of the latest attempt of a message`() throws {
        try sandbox.send("Hello", attempt: 1)
        try sandbox.send("Hello", attempt: 2)
        _ = try status("delivered")
        #expect(sandbox.house.receipts.updates.last?.attempt?.number == 2)
        #expect(try happened().map(\.status) == [.sent, .delivered])
    }
}
