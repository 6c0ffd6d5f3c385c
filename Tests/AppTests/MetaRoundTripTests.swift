import App
import Core
import Database
import Domain
import HTTP
import Messaging
import MetaCloudAPI
import SQL
import Store
import TestSupport
import Testing

/// Out to Meta and back, through the whole program: a double that is strict by Meta's published schema answers each
/// row of the ledger's table, and the ledger must say the truth of each.
struct MetaRoundTripTests {
    /// A program that sends through the double, with one person whose window is open.
    struct House {
        let meta: MetaDouble
        let test: TestHost
        let contact: ID

        init(templates: [MetaTemplate] = [], token: String? = nil) throws {
            let clock = FixedClock()
            meta = try MetaDouble(clock: clock, templates: templates)
            test = try TestHost(
                plugins: [MetaCloudAPIPlugin()], client: CurlClient(version: "test", clock: clock), clock: clock,
                settings: [
                    "sending.channel": "meta", "meta.phone_number_id": meta.phoneNumberID, "meta.waba_id": meta.wabaID,
                    "meta.access_token": token ?? meta.accessToken.reveal(), "meta.app_secret": meta.appSecret.reveal(),
                    "meta.verify_token": "verify-me", "meta.graph_url": meta.url, "orders.consent": "required",
                ])
            contact = try test.host.database.write { tx in
                try ContactsTable.reach(
                    PersonKey(phone: "+12025550123"), details: ContactDetails(), weight: .replaces, at: clock.now(),
                    in: tx
                ).id
            }
        }

        /// Delivers a webhook and works it.
        func deliver(_ webhook: MetaWebhook) throws {
            let sent = try test.send(
                .post, "/hooks/meta", .bytes(webhook.body, type: "application/json"),
                headers: ["X-Hub-Signature-256": webhook.signature])
            #expect(sent.status == 200)
            try test.work()
        }

        func openWindow() throws { try deliver(meta.webhook(text: "hello", from: "12025550123")) }

        func plan(_ content: MessageContent, key: String = "test:1") throws -> ID {
            let draft = MessageDraft(
                intentKey: key, purpose: .test, contactID: contact, content: content,
                source: MessageSource(kind: .api))
            return try test.host.planner.plan([draft])[0].id
        }

        func row(_ id: ID) throws -> LedgerRow {
            try #require(try test.host.database.read { tx in try MessagesTable.find(id, in: tx) })
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reply: MetaReply
        let status: MessageStatus
        var failure: FailureClass?
        var outcome: String

        init(
            _ name: String, _ reply: MetaReply, _ status: MessageStatus, _ outcome: String,
            _ failure: FailureClass? = nil
        ) {
            testDescription = name
            self.reply = reply
            self.status = status
            self.outcome = outcome
            self.failure = failure
        }
    }

    static let rows: [Row] = [
        Row("200 with an id", .ok, .accepted, "accepted"),
        Row("429: throughput", .error(130429, status: 429), .planned, "refused"),
        Row("app limit", .error(4), .planned, "refused"),
        Row("account limit", .error(80007), .planned, "refused"),
        Row("pair limit", .error(131056), .planned, "refused"),
        Row("Meta overloaded", .error(2, status: 503), .planned, "refused"),
        Row("service unavailable", .error(131016, status: 503), .planned, "refused"),
        Row("maintenance", .error(131057), .planned, "refused"),
        Row("5xx with Meta's own error", .error(131000, status: 500), .planned, "refused"),
        Row("5xx without it", .bare(502), .unknown, "unknown"),
        Row("reset after the send", .reset, .unknown, "unknown"),
        Row("closed without a byte", .close, .unknown, "unknown"),
        Row("2xx without an id", .withoutID, .unknown, "unknown"),
        Row("an answer cut off", .truncated, .unknown, "unknown"),
        Row("3xx", .redirect, .failed, "refused", .ourBug),
        Row("bad parameter", .error(100), .failed, "refused", .ourBug),
        Row("not on WhatsApp", .error(131026), .failed, "refused", .stopPerson),
        Row("token expired", .error(190), .planned, "refused"),
        Row("payment missing", .error(131042), .planned, "refused"),
    ]

    @Test(arguments: rows) func `the ledger says the truth of`(_ row: Row) throws {
        let house = try House()
        try house.openWindow()
        house.meta.reply(row.reply)
        let id = try house.plan(MessageContent(text: "Hello"))
        try house.test.work()
        let ledger = try house.row(id)
        #expect(ledger.status == row.status)
        #expect(ledger.failure?.failureClass == row.failure)
        let attempts = try house.test.host.database.read { tx in try AttemptsTable.all(of: id, in: tx) }
        #expect(attempts.map(\.outcome) == [row.outcome])
        #expect(house.meta.sends.count == 1)
        #expect(house.meta.violations == [])
        #expect(house.meta.sends[0].callbackData == "\(id).1")
    }

    @Test func `an expired token pauses the number until the account works again`() throws {
        let house = try House(token: "expired")
        try house.openWindow()
        let first = try house.plan(MessageContent(text: "one"), key: "test:1")
        try house.test.work()
        let second = try house.plan(MessageContent(text: "two"), key: "test:2")
        try house.test.advance(by: .minutes(6))
        #expect(house.meta.delivered.isEmpty)
        for id in [first, second] { #expect(try house.row(id).reason == PolicyReason.numberPaused.rawValue) }
        try house.test.host.settings.change(["meta.access_token": house.meta.accessToken.reveal()], by: "test")
        try house.test.work()
        #expect(house.meta.delivered.count == 2)
    }

    @Test func `statuses in any order, twice, and before our answer only move forward`() throws {
        let house = try House()
        try house.openWindow()
        house.meta.reply(.reset)
        let id = try house.plan(MessageContent(text: "Hello"))
        try house.test.work()
        #expect(try house.row(id).status == .unknown)
        let send = try #require(house.meta.sends.first)
        for (word, expected) in [
            ("delivered", MessageStatus.delivered), ("sent", .delivered), ("delivered", .delivered), ("read", .read),
            ("failed", .read), ("sent", .read),
        ] {
            let webhook = try #require(house.meta.webhook(word, of: send, code: word == "failed" ? 131026 : nil))
            try house.deliver(webhook)
            #expect(try house.row(id).status == expected)
        }
    }

    @Test func `text outside the window is suppressed and a template goes in its place`() throws {
        let template = MetaTemplate(
            id: "1", name: "order_update", language: "en_US", body: "Hello {{1}}, it is on its way")
        let house = try House(templates: [template])
        try house.test.runJobs()
        let text = try house.plan(MessageContent(text: "Hello"), key: "test:1")
        let both = try house.plan(
            MessageContent(
                text: "Hello",
                template: TemplateCall(
                    name: "order_update", language: "en_US", parameters: [.init(name: "1", value: "Ada")])),
            key: "test:2")
        let wrong = try house.plan(
            MessageContent(template: TemplateCall(name: "order_update", language: "en_US")), key: "test:3")
        try house.test.work()
        #expect(try house.row(text).status == .suppressed)
        #expect(try house.row(text).reason == PolicyReason.windowClosed.rawValue)
        #expect(try house.row(both).status == .accepted)
        #expect(try house.row(wrong).reason == PolicyReason.templateParameters.rawValue)
        #expect(house.meta.sends.map(\.template) == ["order_update"])
        #expect(house.meta.sends[0].parameters == ["Ada"])
        #expect(house.meta.violations == [])
    }

    @Test func `a template waits until the templates are known`() throws {
        let house = try House(templates: [
            MetaTemplate(id: "1", name: "order_update", language: "en_US", body: "Hello {{1}}, it is on its way")
        ])
        let call = TemplateCall(
            name: "order_update", language: "en_US", parameters: [.init(name: "1", value: "Ada")])
        let id = try house.plan(MessageContent(template: call))
        try house.test.work()
        #expect(try house.row(id).reason == PolicyReason.templatesNotFetched.rawValue)
        // A changed setting of the channel has its templates fetched.
        try house.test.host.settings.change(["meta.messages_per_second": "40"], by: "test")
        try house.test.runJobs()
        try house.test.work()
        #expect(try house.row(id).status == .accepted)
    }

    @Test func `an inbound message opens the window for a day, and STOP closes the shop's mouth`() throws {
        let house = try House()
        let early = try house.plan(MessageContent(text: "early"), key: "test:1")
        try house.test.work()
        #expect(try house.row(early).reason == PolicyReason.windowClosed.rawValue)
        try house.openWindow()
        let inTime = try house.plan(MessageContent(text: "in time"), key: "test:2")
        try house.test.work()
        #expect(try house.row(inTime).status == .accepted)
        try house.deliver(house.meta.webhook(text: "STOP", from: "12025550123", id: "wamid.STOP"))
        let states = try house.test.host.database.read { tx in
            try ConsentStatesTable.all(of: house.contact, in: tx).mapValues(\.state)
        }
        #expect(states[.orders] == .withdrawn && states[.marketing] == .withdrawn)
    }

    @Test func `the verification request is answered with the bare challenge`() throws {
        let house = try House()
        let query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
        let right = try house.test.get("/hooks/meta?\(query)verify-me")
        #expect(right.status == 200 && right.text == "1158201444")
        #expect(try house.test.get("/hooks/meta?\(query)wrong").status == 403)
    }

    @Test func `a webhook that is too large is refused and counted`() throws {
        let house = try House()
        let large = [UInt8](repeating: UInt8(ascii: " "), count: (5 << 20) + 1)
        let sent = try house.test.send(.post, "/hooks/meta", .bytes(large, type: "application/json"))
        #expect(sent.status == 413)
        try house.test.application.frontDoor.writeCounts()
        let refused = try house.test.host.database.read { tx in try RefusalsTable.all(in: tx) }
        #expect(refused.map(\.reason) == ["too_large"])
        #expect(refused.map(\.endpoint) == ["meta"])
    }

    @Test func `a forged or unsigned webhook is refused, counted and not kept`() throws {
        let house = try House()
        let webhook = house.meta.webhook(text: "hello", from: "12025550123")
        var forged = webhook.body
        forged[forged.count - 2] ^= 1
        for headers in [["X-Hub-Signature-256": webhook.signature], [:]] as [Headers] {
            let sent = try house.test.send(
                .post, "/hooks/meta", .bytes(forged, type: "application/json"), headers: headers)
            #expect(sent.status == 401)
        }
        let (kept, refused) = try house.test.host.database.read { tx in
            (try tx.count("SELECT count(*) FROM deliveries"), try RefusalsTable.all(in: tx))
        }
        #expect(kept == 0)
        #expect(refused.map(\.count).reduce(0, +) == 2)
    }
}
