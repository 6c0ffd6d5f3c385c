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

/// What several processes on one database see at the same time is told once, and shown by all of them.
@Suite struct `Processes on one database` {
    private static let arePossible = TestDatabase.engines.contains(.postgresql)

    private func pair(_ change: (inout HostOptions) -> Void = { _ in }) throws -> [AlertHouse] {
        let first = try AlertHouse(.postgresql, options: change)
        let second = try AlertHouse(.postgresql, beside: first, options: change)
        for alerts in [first, second] { try alerts.house.beat() }
        return [first, second]
    }

    private func eventually(_ isSo: () throws -> Bool) throws {
        let end = SystemClock().sinceBoot() + .seconds(20)
        while try !isSo() { try #require(SystemClock().sinceBoot() < end) }
    }

    @Test(.enabled(if: arePossible))
    func `tell once of a plugin that is stuck in both, which is over when both have it back`() throws {
        let pair = try pair { $0.pluginPatience = .milliseconds(20) }
        let mail = pair[0].mail
        let gates = pair.map { _ in Monitor(false) }
        for (alerts, gate) in zip(pair, gates) {
            _ = alerts.host.calls.run("sleepy") { gate.wait { $0 ? () : nil } }
            try alerts.house.runJobs()
        }
        try pair[0].wait(.minutes(1))
        try pair[1].house.runJobs()
        #expect(mail.mails.count == 1)

        func wake(_ gate: Monitor<Bool>) {
            gate.withLock { $0 = true }
            gate.wakeAll()
        }
        wake(gates[0])
        try eventually { pair[0].host.calls.stuckPlugins.isEmpty }
        for alerts in pair { try HouseWatch(alerts.host, disk: { nil }).look() }
        #expect(try pair[0].openIDs() == ["plugin.sleepy.slow"])
        wake(gates[1])
        try eventually { try pair[0].openIDs().isEmpty }
        for alerts in pair { try alerts.wait(.minutes(1)) }
        #expect(try pair[0].states() == [["opened"], ["closed"]])
        #expect(mail.mails.count == 2)
    }

    @Test(arguments: TestDatabase.engines)
    func `forget what one of them saw that has died`(_ engine: Engine) throws {
        let alerts = try AlertHouse(engine)
        let watch = HouseWatch(alerts.host, disk: { nil })
        let now = SystemClock().now()
        try alerts.host.database.writeBatch { tx in
            try NodesTable.beat(Node(id: "other", name: "other", role: .web, version: "1.0.0"), clock: now, in: tx)
            let disk = Sighting.scarceDisk(machine: "till", megabytes: 90, isNearlyFull: true)
            try NodeSightingsTable.replace([.stuckPlugin("sleepy"), .unencrypted, disk], of: "other", in: tx)
            try NodeSightingsTable.replace([.unencrypted], of: "nobody", in: tx)
        }
        try watch.look()
        #expect(try alerts.openIDs() == ["host.disk.till", "plugin.sleepy.slow"])
        let owner = try alerts.house.person()
        let overview = try alerts.house.get("/admin", as: owner).text
        #expect(overview.matches(of: /does not come back from its work/).count == 1)
        #expect(overview.contains("without https"))
        try alerts.host.database.writeBatch { tx in try tx.run("UPDATE nodes SET seen_at = seen_at - 16000") }
        try watch.look()
        #expect(try alerts.openIDs() == [])
        #expect(try !alerts.house.get("/admin", as: owner).text.contains("without https"))
    }

    @Test(.enabled(if: arePossible))
    func `all name the proxy that one of them did not believe`() throws {
        let pair = try pair { $0.trustedProxies = [] }
        try pair[0].house.send(.get, "/admin", headers: ["X-Forwarded-Proto": "https"], from: "10.0.0.1")
        let owner = try pair[1].house.person(.owner)
        #expect(try !pair[1].house.get("/admin", as: owner).text.contains("10.0.0.1"))
        try pair[0].house.beat()
        #expect(try pair[1].house.get("/admin", as: owner).text.contains("The proxy at 10.0.0.1"))
        #expect(try pair[1].house.get("/admin/doctor", as: owner).text.contains("--trusted-proxies 10.0.0.1"))
    }

    @Test(.enabled(if: arePossible))
    func `that see together that nobody works tell it once`() throws {
        let pair = try pair { $0.workers = false }
        let ana = try pair[0].house.contact(grants: [.orders])
        let draft = MessageDraft(
            intentKey: "test:a", purpose: .test, contactID: ana.id, content: MessageContent(text: "a"),
            source: MessageSource(kind: .api))
        _ = try pair[0].host.planner.plan([draft])
        try pair[0].host.database.write { tx in try tx.run("UPDATE nodes SET started_at = started_at - 120000") }
        pair[0].house.clock.advance(by: .minutes(2))
        try Concurrently.run(2) { number in try WorkersWatch(pair[number].host).look() }
        #expect(pair[0].mail.mails.count == 1)
        #expect(try pair[0].states() == [["opened"]])
    }

    @Test(.enabled(if: arePossible))
    func `that open one alert at the same moment tell it once`() throws {
        let pair = try pair()
        for round in 1...5 {
            let alert = AlertHouse.alert("shop.\(round)")
            try Concurrently.run(2) { number in
                pair[number].host.alerts.open(alert)
                try pair[number].house.runJobs()
            }
            try pair[0].house.runJobs()
            #expect(try pair[0].states().count == round)
        }
    }
}
