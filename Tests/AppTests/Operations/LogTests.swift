import App
import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import Synchronization
import TestSupport
import Testing
import Text
import WooCommerce

/// Nothing of what people wrote, are called or can be reached by, and no key, ever reaches the log.
@Suite struct LogTests {
    private static let phone = "+12025550147"
    private static let spaced = "+1 202 555 0147"
    private static let text = "Dear Zenobia, your parcel"
    private static let password = "hunter2-is-mine"
    private static let token = "cw_planted-and-wrong"
    private static let secret = "planted-webhook-secret"

    private static let planted = [
        phone, String(phone.dropFirst()), spaced, "555-0147", "Zenobia", "your parcel", password, token, secret,
        "zenobia@mail.example", "planted-path-token", "smtp-planted",
    ]

    /// Everything of it fails, and quotes what it met.
    private struct Chatty: Plugin {
        struct Failed: Error, CustomStringConvertible { let description: String }

        var declaration: PluginDeclaration { PluginDeclaration(id: "chatty", name: "Chatty", version: "1") }

        func parts(_ context: PluginContext) throws -> PluginParts {
            let failed = Failed(
                description: "\(LogTests.spaced) zenobia@mail.example got \(LogTests.text) with \(LogTests.secret)")
            var parts = PluginParts()
            parts.jobs = [
                JobDeclaration(kind: "chatty.job", every: .minutes(1)) { _ in throw failed },
                JobDeclaration(kind: "chatty.verdict", every: .minutes(1)) { _ in
                    throw JobFailure(.never, message: failed.description)
                },
            ]
            parts.hooks = [
                Hooks.messagePlanned.on { _ in throw failed },
                Hooks.messageDraft.use { _ in throw failed },
                Hooks.messageOutgoing.use { _ in throw failed },
            ]
            parts.routes = [Route(.post, "/hooks/chatty", .public, bodyLimit: 1024) { _, _ in throw failed }]
            parts.planners = [OrderPlanner { _, _ in throw failed }]
            return parts
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `a busy and unlucky house logs none of what it was told`(_ engine: Engine) throws {
        let lines = Mutex<[String]>([])
        let clock = FixedClock()
        let log = Log(clock: clock, least: .debug) { line in
            lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
        let house = try TestHost(
            engine, plugins: [WooCommercePlugin(), Chatty()], client: CurlClient(version: "test"), clock: clock,
            log: log,
            settings: [
                "woocommerce.webhook_secret": Self.secret, "alerts.email": "zenobia@mail.example",
                "smtp.url": "smtp://zenobia%40mail.example:smtp-planted@127.0.0.1:9?starttls=off",
                "alerts.webhook": "http://127.0.0.1:9/planted-path-token", "alerts.phone": Self.phone,
            ],
            options: { $0.logRequests = true })
        try house.runJobs()
        try webhooks(house)
        try requests(house)
        try sends(house)
        house.host.alerts.open(
            Alert(
                id: "chatty.alert", severity: .bad, word: "alert.route_fails", arguments: ["route": Self.text],
                href: "/admin"))
        for _ in 0..<4 {
            clock.advance(by: .minutes(1))
            try house.runJobs()
            try house.work()
        }
        let logged = lines.withLock { $0 }
        for line in logged {
            #expect((try? JSON(parsing: line)) != nil, "no JSON: \(line)")
            for planted in Self.planted { #expect(!line.contains(planted), "\(line)") }
        }
        // Else the test would hold for a house that says nothing.
        let events = Set(logged.compactMap { (try? JSON(parsing: $0))?["event"].string })
        #expect(events.isSuperset(of: ["request", "request failed", "job failed", "alert opened"]), "\(events)")
    }

    private func webhooks(_ house: TestHost) throws {
        for delivery in WooCommerceReplay.fixtures {
            let signed = delivery.secret == nil ? delivery : delivery.signed(Self.secret)
            for body in [signed.body, Array("{\"id\":1,\"billing\":{\"phone\":\"\(Self.phone)\"".utf8)] {
                try house.send(
                    .post, "/hooks/woocommerce", .bytes(body, type: "application/json"), headers: signed.headers)
            }
        }
        try house.send(.post, "/hooks/chatty", .bytes(Array(Self.text.utf8), type: "text/plain"))
        try house.work()
    }

    private func requests(_ house: TestHost) throws {
        let key = try house.key(.admin)
        try house.get("/u/planted-path-token")
        try house.get("/admin/search?q=" + URLEncoding.encode(Self.spaced), as: house.person(.manager))
        try house.get("/api/v1/contacts?q=" + URLEncoding.encode(Self.phone), as: key)
        try house.get("/api/v1/contacts", as: .key(Self.token))
        try house.post("/admin/login", form: [("email", "zenobia@mail.example"), ("password", Self.password)])
        try house.post("/api/v1/contacts", json: "{\"phone\":\"\(Self.phone)\",\"first_name\":\"Zenobia\"}", as: key)
        try house.post("/api/v1/contacts", json: "{\"phone\":\"\(Self.phone)\",\"first_name\":", as: key)
        try house.send(
            .patch, "/api/v1/settings", .json("{\"woocommerce.webhook_secret\":\"\(Self.secret)\",\"x\":1}"), as: key)
    }

    /// The provider echoes what it was sent.
    private func sends(_ house: TestHost) throws {
        let zenobia = try house.contact(Self.phone, name: "Zenobia", grants: [.orders])
        let detail = "recipient \(Self.spaced) refused \"\(Self.text)\""
        house.channel.answer(
            .refused(Failure(.ourBug, code: "100", detail: detail), httpStatus: 400, after: nil),
            .unknown(code: "http_502", detail: detail, httpStatus: 502),
            .refused(Failure(.stopNumber, code: "131031", detail: detail), httpStatus: 400, after: nil))
        for number in 0..<4 {
            _ = try house.host.planner.plan([
                MessageDraft(
                    intentKey: "test:\(number)", purpose: .test, contactID: zenobia.id,
                    content: MessageContent(text: Self.text), source: MessageSource(kind: .api))
            ])
        }
        try house.work()
    }
}
