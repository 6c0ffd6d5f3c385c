import App
import Core
import Database
import Domain
import HTTP
import MetaCloudAPI
import Messaging
import PluginKit
import Store
import TestSupport
import Testing

/// Meta's double before a whole program: what leaves, what is said of it, and what people answer.
@Suite struct `Meta in the house` {
    @Test func `sends a message, follows it, and hears the answer`() throws {
        let meta = try MetaDouble()
        let client = try CurlClient(version: "1")
        defer { client.close() }
        let house = try TestHost(
            plugins: [MetaCloudAPIPlugin()], client: client,
            settings: [
                "sending.channel": "meta", "meta.graph_url": meta.url, "meta.phone_number_id": meta.phoneNumberID,
                "meta.waba_id": meta.wabaID, "meta.access_token": meta.accessToken.reveal(),
                "meta.app_secret": meta.appSecret.reveal(), "meta.verify_token": "example",
            ])
        let contact = try house.contact("+12025550123", name: "Ada", grants: Purpose.consentable)
        func deliver(_ webhook: MetaWebhook) throws -> Int {
            let status = try house.send(
                .post, "/hooks/meta", .bytes(webhook.body, type: "application/json"), headers: webhook.headers
            ).status
            try house.work()
            return status
        }

        // The person writes first, so that free text may go.
        #expect(try deliver(meta.webhook(text: "Hello", from: "12025550123")) == 200)
        let planned = try house.host.planner.plan([
            MessageDraft(
                intentKey: "test:1", purpose: .test, contactID: contact.id,
                content: MessageContent(text: "Good morning"), source: MessageSource(kind: .api))
        ])
        try house.work()
        let id = try #require(planned.first?.id)
        func status() throws -> MessageStatus? {
            try house.host.database.read { tx in try MessagesTable.find(id, in: tx)?.status }
        }
        #expect(try status() == .accepted)
        #expect(meta.sends.map(\.text) == ["Good morning"])

        // A status may come late; it never takes a message back.
        let send = try #require(meta.sends.first)
        for word in ["read", "delivered", "sent"] {
            #expect(try deliver(#require(meta.webhook(word, of: send))) == 200)
            #expect(try status() == .read)
        }

        #expect(try deliver(meta.webhook(text: "STOP", from: "12025550123", id: "wamid.INBOUND9")) == 200)
        let states = try house.host.database.read { tx in try ConsentStatesTable.all(of: contact.id, in: tx) }
        #expect(states[.orders]?.state == .withdrawn)
        #expect(meta.violations.isEmpty)
    }
}
