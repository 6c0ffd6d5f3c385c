import Core
import Domain
import HTTP
import PluginKit
@testable import Sandbox
import SQL
import TestSupport
import Testing

@Suite struct `The sandbox channel` {
    @Test(arguments: TestDatabase.engines) func `delivers to the phone and says that it is sent`(engine: Engine) throws
    {
        let sandbox = try SandboxHouse(engine)
        #expect(try sandbox.send("Hello *Ada*") == .accepted(providerID: "sandbox.77.1", isHeld: false))
        let page = try #require(try sandbox.page(sandbox.firstChat()))
        #expect(page.open?.messages.map(\.text) == ["Hello *Ada*"])
        #expect(page.open?.messages.map(\.status) == [.sent])
        // Without the attempt's name, so that it is kept until the acceptance is on record.
        #expect(
            sandbox.house.receipts.updates == [
                StatusUpdate(
                    channel: "sandbox", providerID: "sandbox.77.1", status: .sent, at: sandbox.house.clock.now())
            ])
    }

    @Test(arguments: TestDatabase.engines) func `delivers one attempt once`(engine: Engine) throws {
        let sandbox = try SandboxHouse(engine)
        for _ in 1...3 { try sandbox.send("Hello") }
        try sandbox.send("Hello", attempt: 2)
        try sandbox.send("Hello", message: 78)
        let page = try #require(try sandbox.page(sandbox.firstChat()))
        #expect(page.chats.count == 1)
        #expect(page.open?.messages.compactMap(\.attempt?.description) == ["77.1", "77.2", "78.1"])
    }

    @Test(arguments: TestDatabase.engines) func `keeps its head when many arrive at once`(engine: Engine) throws {
        let sandbox = try SandboxHouse(engine)
        try Concurrently.run(8) { turn in
            for message in 1...5 { try sandbox.send("Hello \(turn)", message: Int64(message)) }
        }
        let page = try #require(try sandbox.page(sandbox.firstChat()))
        #expect(page.chats.count == 1)
        #expect(page.open?.messages.count == 5)
    }

    @Test func `shows a template by its name and parameters`() throws {
        let sandbox = try SandboxHouse()
        let call = TemplateCall(
            name: "order_paid", language: "en", parameters: [.init(name: "1", value: "Ada")])
        let sent = try sandbox.channel.call(
            OutgoingMessage(
                attempt: AttemptRef(messageID: ID(1), number: 1), phone: nil, bsuid: "US.1349", purpose: .orders,
                body: .template(call)))
        guard case .local(let deliver) = sent else {
            Issue.record("not local")
            return
        }
        _ = try deliver()
        let page = try #require(try sandbox.page(sandbox.firstChat()))
        #expect(page.open?.messages.map(\.text) == ["*order_paid* (en)\n1: Ada"])
        #expect(page.open?.phone == "US.1349")
    }

    @Test func `sends to nobody unnamed`() throws {
        let sandbox = try SandboxHouse()
        let message = OutgoingMessage(
            attempt: AttemptRef(messageID: ID(1), number: 1), phone: nil, bsuid: nil, purpose: .orders,
            body: .text("Hi"))
        #expect(throws: (any Error).self) { _ = try sandbox.channel.call(message) }
    }

    @Test func `is always ready, for free text and receipts`() throws {
        let channel = try SandboxHouse().channel
        #expect(channel.sendingNumber() == "sandbox")
        #expect(channel.abilities.hasReceipts)
        guard case .always = channel.abilities.freeText else {
            Issue.record("free text is bound to a window")
            return
        }
    }

    @Test func `tells once more at a start what arrived within a day`() throws {
        let sandbox = try SandboxHouse()
        #expect(sandbox.house.jobs.asked.map(\.kind) == ["sandbox.resend_receipts"])
        try sandbox.send("Old", message: 1)
        sandbox.house.clock.advance(by: .hours(25))
        try sandbox.send("New", message: 2, attempt: 3)
        let before = sandbox.house.receipts.updates.count
        let job = try #require(sandbox.parts.jobs.first)
        #expect(job.every == nil)
        try job.run(JobRun(payload: "", progress: "", save: { _ in }, shouldStop: { false }))
        #expect(
            sandbox.house.receipts.updates.dropFirst(before) == [
                StatusUpdate(
                    channel: "sandbox", providerID: "sandbox.2.3", attempt: AttemptRef(messageID: ID(2), number: 3),
                    status: .sent, at: sandbox.house.clock.now())
            ])
    }
}
