import App
import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import TestSupport
import Testing

@Suite struct MetricsTests {
    private func figures(_ house: TestHost) throws -> PrometheusReader {
        let answer = try house.send(.get, "/metrics", from: "127.0.0.1")
        #expect(answer.status == 200)
        #expect(answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        return try PrometheusReader(answer.text)
    }

    @Test(arguments: TestDatabase.engines)
    func `the figures of a busy house keep to the format and are right`(_ engine: Engine) throws {
        let house = try TestHost(engine)
        try house.runJobs()
        try house.beat()
        let ana = try house.contact(grants: [.orders])
        let drafts = ["a", "b"].map { (key: String) in
            MessageDraft(
                intentKey: "test:\(key)", purpose: .test, contactID: ana.id, content: MessageContent(text: key),
                source: MessageSource(kind: .api))
        }
        _ = try house.host.planner.plan(drafts)
        house.clock.advance(by: .seconds(90))
        house.host.alerts.open(
            Alert(id: "shop.x", severity: .bad, word: "alert.test", href: "/admin"))
        let waiting = try figures(house)
        #expect(waiting.value("cartwright_messages", ["status": "planned", "channel": "sandbox"]) == 2)
        #expect(waiting.value("cartwright_queue_oldest_seconds", ["queue": "messages"]) == 90)
        #expect(waiting.value("cartwright_alerts_open", ["severity": "bad"]) == 1)
        #expect(waiting.value("cartwright_nodes", ["role": "serve"]) == 1)
        #expect(waiting.value("cartwright_nodes", ["role": "worker"]) == 0)
        try house.work()
        let done = try figures(house)
        #expect(done.value("cartwright_messages", ["status": "planned", "channel": "sandbox"]) == nil)
        #expect(done.value("cartwright_messages", ["status": "accepted", "channel": "sandbox"]) == 2)
        #expect(done.value("cartwright_queue_oldest_seconds", ["queue": "messages"]) == 0)
        #expect(done.value("cartwright_http_request_seconds_count") == 1)
        #expect(done.value("cartwright_build_info", ["version": Version.text]) == 1)
        #expect(try #require(done.value("process_resident_memory_bytes")) > 1_000_000)
        #expect(try #require(done.value("process_open_fds")) > 2)
        #expect(try #require(done.value("cartwright_database_write_seconds_count")) > 0)
    }

    @Test func `the world gets no figures without a key`() throws {
        let house = try TestHost(options: { $0.trustedProxies = ["10.0.0.1"] })
        func status(_ headers: Headers = [:], from address: String, as caller: TestCaller = .nobody) throws -> Int {
            try house.send(.get, "/metrics", headers: headers, as: caller, from: address).status
        }
        #expect(try status(from: "8.8.8.8") == 401)
        #expect(try status(from: "8.8.8.8", as: house.key(.read)) == 200)
        #expect(try status(from: "8.8.8.8", as: .key("cw_made-up")) == 401)
        #expect(try status(from: "10.1.2.3") == 200)
        #expect(try status(from: "::1") == 200)
        // Through a trusted proxy the client's own address counts, through another one nobody's.
        #expect(try status(["X-Forwarded-For": "8.8.8.8"], from: "10.0.0.1") == 401)
        #expect(try status(["X-Forwarded-For": "192.168.1.9"], from: "10.0.0.1") == 200)
        for field in ["X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Via"] {
            #expect(try status([field: "192.168.1.9"], from: "127.0.0.1") == 401, "\(field)")
        }
    }

    @Test func `what breaks the format is found`() {
        for wrong in [
            "x 1", "x 1\n", "# HELP x y\n# TYPE x gauge\nz 1\n", "# HELP x y\n# TYPE x counter\nx 1\n",
            "# HELP x y\n# TYPE x gauge\nx 1\nx 2\n", "# HELP x y\n# TYPE x gauge\nx{a=\"\"\"} 1\n",
            "# HELP x y\n# TYPE x histogram\nx_bucket{le=\"1\"} 2\nx_bucket{le=\"+Inf\"} 1\nx_sum 1\nx_count 1\n",
        ] {
            #expect(throws: PrometheusReader.Malformed.self, "\(wrong)") { try PrometheusReader(wrong) }
        }
    }
}
