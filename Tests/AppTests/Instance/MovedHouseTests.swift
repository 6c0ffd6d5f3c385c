import App
import Core
import Database
import Messaging
import SQL
import Store
import TestSupport
import Testing

/// A database that was left behind: everything in it was moved to another one.
@Suite struct MovedHouseTests {
    private func moved() throws -> TestHost {
        let house = try TestHost()
        try house.host.recogniseInstance()
        let now = house.clock.now()
        try house.host.database.write { tx in
            try InstanceTable.hold(.moved(to: "postgresql://cartwright@db.example/cartwright"), at: now, in: tx)
        }
        try house.application.refresh()
        return house
    }

    @Test func `says how to go on with the other one, and warns of going on here`() throws {
        let house = try moved()
        let owner = try house.person(.owner)
        let page = try house.get("/admin/instance", as: owner).text
        #expect(page.contains("--database postgresql://cartwright@db.example/cartwright"))
        #expect(page.contains("button danger"))
        #expect(!page.contains("Yes, this is the live shop"))
        #expect(!page.contains("/admin/instance/copy"))
        let banner = try house.get("/admin", as: owner).text
        #expect(banner.contains("Everything here was moved to another database"))
        #expect(!banner.contains("This may be a copy"))
        try house.post("/admin/instance/copy", form: [("sandbox", "yes")], as: owner)
        #expect(house.host.instance.hold?.word == InstanceHold.Word.none)
        try house.post("/admin/instance/confirm", form: [], as: owner)
        #expect(house.host.instance.hold == nil)
    }

    @Test func `runs no job but those that tell the owner`() throws {
        let house = try moved()
        let owner = try house.person(.owner)
        try house.post("/admin/backups", form: [], as: owner)
        try house.runJobs()
        let (backups, jobs) = try house.host.database.read { tx in
            (try BackupsTable.newest(1, in: tx), try JobsTable.repeating(in: tx))
        }
        #expect(backups.isEmpty)
        let done = Set(jobs.filter { $0.lastFinishedAt != nil }.map(\.kind))
        #expect(done == ["host.watch", "host.alerts"], "\(done)")
        #expect(try house.host.database.read { tx in try AlertsTable.allOpen(in: tx).map(\.word) } == ["need.moved"])
    }
}
