import Core
import Database
import SQL
import Store
import TestSupport
import Testing

@Suite struct AlertTests {
    private func alert(_ word: String = "alert.disk", free: String = "2 GB") -> StoredAlert {
        StoredAlert(
            id: "host.disk", severity: "warning", word: word, arguments: ["free": free], href: "/admin/jobs",
            openedAt: Host.now)
    }

    private func open(_ alert: StoredAlert, _ host: Host, at now: Timestamp = Host.now) throws -> Bool {
        try host.database.write { tx in try AlertsTable.open(alert, at: now, in: tx) }
    }

    private func close(_ host: Host, at now: Timestamp) throws -> Bool {
        try host.database.write { tx in try AlertsTable.close("host.disk", at: now, in: tx) }
    }

    private func stored(_ host: Host) throws -> StoredAlert? {
        try host.database.read { tx in try AlertsTable.find("host.disk", in: tx) }
    }

    /// What the routes have to hear now, and have heard after this call.
    private func tell(_ host: Host, at now: Timestamp) throws -> [StoredAlert] {
        try host.database.write { tx in
            let untold = try AlertsTable.untold(repeatingBefore: now - .days(1), at: now, in: tx)
            for alert in untold { try AlertsTable.setTold(alert, at: now, in: tx) }
            return untold
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `an alert opens once, and says what was said last`(_ engine: Engine) throws {
        let host = try Host(engine)
        #expect(try open(alert(), host))
        #expect(try host.database.read { tx in try AlertsTable.isOpen(alert(), in: tx) })
        #expect(try !host.database.read { tx in try AlertsTable.isOpen(alert(free: "1 GB"), in: tx) })
        #expect(try !open(alert(free: "1 GB"), host, at: Host.now + .minutes(1)))
        let known = try #require(try stored(host))
        #expect(known.arguments == ["free": "1 GB"])
        #expect(known.openedAt == Host.now)
        #expect(try host.database.read { tx in try AlertsTable.allOpen(in: tx).count } == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `one is told when it opens, each day after, and when it is over`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try open(alert(), host)
        #expect(try tell(host, at: Host.now).count == 1)
        #expect(try tell(host, at: Host.now + .hours(23)).isEmpty)
        #expect(try tell(host, at: Host.now + .hours(24)).count == 1)
        #expect(try close(host, at: Host.now + .hours(25)))
        #expect(try !close(host, at: Host.now + .hours(26)))
        #expect(try tell(host, at: Host.now + .hours(26)).map(\.closedAt) == [Host.now + .hours(25)])
        #expect(try tell(host, at: Host.now + .days(3)).isEmpty)
    }

    @Test(arguments: TestDatabase.engines)
    func `one that was over before anybody heard of it is never told`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try open(alert(), host)
        _ = try close(host, at: Host.now + .seconds(5))
        #expect(try tell(host, at: Host.now + .minutes(1)).isEmpty)
    }

    @Test(arguments: TestDatabase.engines)
    func `one that comes and goes all day is told three times`(_ engine: Engine) throws {
        let host = try Host(engine)
        var told = 0
        for round in 0..<60 {
            let at = Host.now + .minutes(Int64(round * 10))
            _ = try open(alert(), host, at: at)
            told += try tell(host, at: at).count
            _ = try close(host, at: at + .minutes(5))
            told += try tell(host, at: at + .minutes(5)).count
        }
        #expect(told == 3)
        let quiet = Host.now + .hours(12)
        #expect(try tell(host, at: quiet).count == 1)
        #expect(try open(alert(), host, at: quiet))
        #expect(try stored(host)?.reopened == 0)
        #expect(try stored(host)?.openedAt == quiet)
        #expect(try tell(host, at: quiet).count == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `a route keeps its last failure until it goes well`(_ engine: Engine) throws {
        let host = try Host(engine)
        func entry() throws -> AlertRoutesTable.Entry? {
            try host.database.read { tx in try AlertRoutesTable.all(in: tx).first }
        }
        try host.database.write { tx in
            try AlertRoutesTable.failed("email", error: "refused", at: Host.now, in: tx)
        }
        #expect(try entry()?.lastError == "refused")
        try host.database.write { tx in try AlertRoutesTable.went("email", at: Host.now + .minutes(1), in: tx) }
        #expect(try entry()?.lastError == nil)
        #expect(try entry()?.lastFailedAt == Host.now)
    }
}
