import App
import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
import Store
import TestSupport
import Testing

@Suite struct HouseWatchTests {
    /// A job that fails until it is told to go well.
    private struct Moody: Plugin {
        let fails: @Sendable () -> Bool

        var declaration: PluginDeclaration { PluginDeclaration(id: "moody", name: "Moody", version: "1") }

        func parts(_ context: PluginContext) throws -> PluginParts {
            var parts = PluginParts()
            parts.jobs = [
                JobDeclaration(kind: "moody.work", every: .minutes(1)) { _ in
                    if fails() { throw JobFailure(.after(.seconds(10)), message: "the moon is wrong") }
                }
            ]
            return parts
        }
    }

    private func open(_ house: TestHost) throws -> [String] {
        try house.host.database.read { tx in try AlertsTable.allOpen(in: tx).map(\.id).sorted() }
    }

    private func wait(_ house: TestHost, _ span: Timestamp.Span = .minutes(1)) throws {
        house.clock.advance(by: span)
        try house.runJobs()
    }

    @Test(arguments: TestDatabase.engines)
    func `a fresh house needs nobody`(_ engine: Engine) throws {
        let house = try TestHost(engine)
        try house.runJobs()
        try wait(house)
        #expect(try open(house) == [])
    }

    @Test func `a job that fails again and again opens an alert, and closes it when it goes well`() throws {
        let mood = FixedClock()
        let start = mood.now()
        let house = try TestHost(plugins: [Moody { mood.now() == start }])
        try house.runJobs()
        #expect(try open(house) == [])
        for _ in 0..<5 { try wait(house) }
        #expect(try open(house) == ["host.job.moody.work"])
        let owner = try house.person()
        let page = try house.get("/admin/jobs", as: owner).text
        #expect(page.contains("the moon is wrong"))
        #expect(try house.get("/admin", as: owner).text.contains("“moody.work” fails again and again."))
        mood.advance(by: .seconds(1))
        for _ in 0..<2 { try wait(house) }
        #expect(try open(house) == [])
    }

    @Test func `a number that is paused is an alert and stands on the overview once`() throws {
        let house = try TestHost()
        try house.runJobs()
        let now = house.clock.now()
        try house.host.database.write { tx in
            try PausesTable.set(
                .number, "sandbox:12025550100", reason: "Account locked", code: "131031", until: nil, at: now, in: tx)
        }
        let owner = try house.person()
        let line = "WhatsApp takes no messages from your number 12025550100."
        for _ in 0..<2 {
            let page = try house.get("/admin", as: owner).text
            #expect(page.matches(of: try Regex(line).dotMatchesNewlines()).count == 1)
            try wait(house)
        }
        #expect(try open(house) == ["host.number.sandbox:12025550100"])
        _ = try house.post(
            "/admin/pauses/lift", form: [("scope", "number"), ("subject", "sandbox:12025550100")], as: owner)
        try wait(house)
        #expect(try open(house) == [])
    }

    @Test func `a secret that no key opens is an alert`() throws {
        let house = try TestHost(settings: ["smtp.url": "smtps://mail.example"])
        try house.runJobs()
        try house.host.database.write { tx in
            try tx.run("UPDATE settings SET sealed = \([UInt8](repeating: 7, count: 60)) WHERE key = 'smtp.url'")
        }
        try house.host.settings.reload()
        try wait(house)
        #expect(try open(house) == ["host.secret.smtp.url"])
    }

    @Test func `a consent that was changed afterwards is an alert until it is put right`() throws {
        let house = try TestHost()
        try house.contact(grants: [.orders])
        while try house.turns.sealConsents() != nil {}
        try house.runJobs()
        #expect(try open(house) == [])
        try house.host.database.write { tx in try tx.run("UPDATE consents SET source = 'elsewhere'") }
        try wait(house, .days(1))
        #expect(try open(house) == ["host.consents"])
        try house.host.database.write { tx in try tx.run("UPDATE consents SET source = 'checkout'") }
        try wait(house, .days(1))
        #expect(try open(house) == [])
    }

    @Test(
        arguments: [
            (DiskSpace(freeBytes: 100 << 20, totalBytes: 100 << 30), ["host.disk." + MachineName.current]),
            (DiskSpace(freeBytes: 900 << 20, totalBytes: 100 << 30), ["host.disk." + MachineName.current]),
            (DiskSpace(freeBytes: 900 << 20, totalBytes: 2 << 30), []),
            (DiskSpace(freeBytes: 50 << 30, totalBytes: 100 << 30), []),
        ] as [(DiskSpace, [String])])
    func `a disk that fills up is an alert before it is full`(space: DiskSpace, ids: [String]) throws {
        let house = try TestHost()
        try HouseWatch(house.host, disk: { space }).look()
        #expect(try open(house) == ids)
        try HouseWatch(house.host, disk: { DiskSpace(freeBytes: 1 << 40, totalBytes: 1 << 41) }).look()
        #expect(try open(house) == [])
    }

    @Test func `the data folder's disk can be asked`() throws {
        let space = try #require(DiskSpace(of: "/"))
        #expect(space.totalBytes > space.freeBytes)
        #expect(DiskSpace(of: "/nowhere/at/all") == nil)
    }
}
