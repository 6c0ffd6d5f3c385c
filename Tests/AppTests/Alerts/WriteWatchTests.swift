import App
import Core
import Database
import HTTP
import PluginKit
import SQL
import Store
import Synchronization
import TestSupport
import Testing
import Text

@Suite struct `A database that cannot be written` {
    private struct Full: Error, CustomStringConvertible {
        let description = "the disk is full"
    }

    private func metric(_ house: TestHost) throws -> String? {
        try house.get("/metrics").text.split(separator: "\n").first { $0.hasPrefix("cartwright_database_writable ") }
            .map(String.init)
    }

    @Test func `shows at once to those who ask, and is told from memory when it stays`() throws {
        let alerts = try AlertHouse()
        let (host, house) = (alerts.host, alerts.house)
        host.writing.look(telling: host)
        #expect(try house.get("/readyz").status == 200)
        #expect(try metric(house) == "cartwright_database_writable 1")
        // From here on the engine itself refuses every change.
        let full = "CREATE TRIGGER full BEFORE UPDATE ON schema_info BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        try host.database.migrate(
            [MigrationSeries(name: "full", migrations: [Migration(1, "full", common: [full])])], program: Host.schema)
        host.writing.look(telling: host)
        let answer = try house.get("/readyz")
        #expect(answer.status == 503)
        #expect(try answer.json()["checks"]["database"].string == "cannot be written")
        #expect(try metric(house) == "cartwright_database_writable 0")
        #expect(alerts.subjects.isEmpty)
        house.clock.advance(by: .seconds(10))
        for _ in 0..<3 { host.writing.look(telling: host) }
        #expect(alerts.subjects.count == 1)
        #expect(alerts.subjects.first?.contains("Nothing can be written down by \(MachineName.current)") == true)
        #expect(try alerts.states() == [["opened"]])
    }

    @Test func `is over when something could be written, and those who were told hear of it`() throws {
        let alerts = try AlertHouse()
        let isFull = Mutex(true)
        let watch = WriteWatch(clock: alerts.house.clock, log: TestDatabase.quiet) {
            if isFull.withLock({ $0 }) { throw Full() }
        }
        watch.look(telling: alerts.host)
        #expect(watch.failsSince == alerts.house.clock.now())
        alerts.house.clock.advance(by: .seconds(10))
        watch.look(telling: alerts.host)
        isFull.withLock { $0 = false }
        watch.look(telling: alerts.host)
        #expect(watch.failsSince == nil)
        watch.look(telling: alerts.host)
        #expect(try alerts.states() == [["opened"], ["closed"]])
        #expect(alerts.subjects.count == 2)
    }

    @Test func `that fails once troubles nobody`() throws {
        let alerts = try AlertHouse()
        let isFull = Mutex(true)
        let watch = WriteWatch(clock: alerts.house.clock, log: TestDatabase.quiet) {
            if isFull.withLock({ $0 }) { throw Full() }
        }
        watch.look(telling: alerts.host)
        isFull.withLock { $0 = false }
        watch.look(telling: alerts.host)
        #expect(alerts.subjects.isEmpty)
    }

    @Test func `the last ten alerts that are over stand on their page`() throws {
        let house = try TestHost()
        let owner = try house.person()
        #expect(try !house.get("/admin/settings/alerts", as: owner).text.contains("id=\"past\""))
        for number in 1...12 {
            let alert = AlertHouse.alert("shop.\(number)")
            house.host.alerts.open(alert)
            house.clock.advance(by: .minutes(5))
            house.host.alerts.close(alert.id)
        }
        let page = try house.get("/admin/settings/alerts", as: owner).text
        #expect(page.contains("id=\"past\""))
        #expect(page.contains("shop.12") && page.contains("shop.3"))
        #expect(!page.contains("shop.2”") && !page.contains("shop.1”"))
    }
}
