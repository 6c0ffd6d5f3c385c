import App
import Core
import Database
import HTTP
import PluginKit
import SQL
import Store
import TestSupport
import Testing

@Suite struct JobsPageTests {
    private func job(_ kind: String, in house: TestHost) throws -> Job {
        try #require(
            try house.host.database.read { tx in try JobsTable.repeating(in: tx) }.first { $0.kind == kind })
    }

    @Test func `every job that repeats has words for what it does`() throws {
        let house = try TestHost()
        let page = try house.get("/admin/jobs", as: house.person()).text
        for kind in try house.host.database.read({ tx in try JobsTable.repeating(in: tx) }).map(\.kind) {
            #expect(!page.contains(">\(kind)<"), "\(kind) has no word")
        }
        #expect(page.contains("Clearing out"))
        #expect(page.contains("every hour") && page.contains("every minute"))
        #expect(!page.contains("every 1 "))
    }

    @Test(arguments: TestDatabase.engines)
    func `the processes at work are shown where there may be several`(_ engine: Engine) throws {
        let house = try TestHost(engine)
        try house.beat()
        let owner = try house.person()
        let alone = try house.get("/admin/jobs", as: owner).text
        #expect(alone.contains("Machine and process") == (engine == .postgresql))
        let worker = Node(id: "w", name: "shop-2 4711", role: .worker, version: "0.0.9")
        let now = SystemClock().now()
        try house.host.database.write { tx in
            try NodesTable.beat(worker, clock: now, in: tx)
            try tx.run("UPDATE nodes SET seen_at = seen_at - 20000 WHERE id = 'w'")
        }
        let page = try house.get("/admin/jobs", as: owner).text
        #expect(page.contains("shop-2<") && page.contains("Worker, process 4711") && page.contains("0.0.9"))
        #expect(page.contains("At work") && page.contains("Not seen") && page.contains("leaves this list"))
        #expect(page.contains(try Regex("2[0-9] seconds ago")))
        #expect(!page.contains("nobody does this work"))
    }

    @Test(arguments: TestDatabase.engines)
    func `work that nobody is there to do is not called in order`(_ engine: Engine) throws {
        let house = try TestHost(engine)
        try house.runJobs()
        let now = SystemClock().now()
        try house.host.database.write { tx in
            try NodesTable.beat(Node(id: "web", name: "shop-1 12", role: .web, version: "1.0.0"), clock: now, in: tx)
        }
        let owner = try house.person()
        house.clock.advance(by: .minutes(2))
        let page = try house.get("/admin/jobs", as: owner).text
        #expect(page.contains("Nobody does it") && page.contains("cartwright worker"))
        let cleaning = try job("host.cleaning", in: house)
        let asked = try house.post("/admin/jobs/\(cleaning.id)/run", form: [], as: owner)
        #expect(asked.headers["Set-Cookie"]?.contains("warning.notice.job_unworked") == true)
        #expect(try house.get("/admin/backups", as: owner).text.contains("Nobody is there to make it"))
        let work = Doctor(house.host).results(outside: false).first { $0.id == "workers" }
        #expect(work?.finding.grade == .fail)
        try house.host.database.write { tx in
            try NodesTable.beat(Node(id: "w", name: "shop-2 4", role: .worker, version: "1.0.0"), clock: now, in: tx)
        }
        #expect(try !house.get("/admin/jobs", as: owner).text.contains("Nobody does it"))
    }

    @Test func `a backup that was not due is not said to have been made`() throws {
        let house = try TestHost()
        try house.runJobs()
        let owner = try house.person()
        #expect(try house.get("/admin/jobs", as: owner).text.contains("looked, and no backup was due"))
        house.clock.advance(by: .hours(26))
        try house.runJobs()
        #expect(try !house.get("/admin/jobs", as: owner).text.contains("looked, and no backup was due"))
    }

    @Test func `a job runs before its time when somebody asks, and that is on record`() throws {
        let house = try TestHost()
        try house.runJobs()
        let manager = try house.person(.manager)
        let before = try job("host.cleaning", in: house)
        house.clock.advance(by: .minutes(5))
        let answer = try house.post("/admin/jobs/\(before.id)/run", form: [], as: manager)
        #expect(answer.status == 303)
        try house.runJobs()
        #expect(try job("host.cleaning", in: house).lastStartedAt == house.clock.now())
        let audit = try house.host.database.read { tx in
            try AuditTable.page(PageRequest(), action: "job.run", in: tx).rows
        }
        #expect(audit.map(\.actor) == ["manager@shop.example"])
        #expect(audit.map(\.data) == [["kind": "host.cleaning"]])
        #expect(try house.post("/admin/jobs/17/run", form: [], as: manager).status == 404)
    }

    @Test func `work that failed for good is tried again when somebody asks`() throws {
        let house = try TestHost(settings: ["alerts.webhook": "http://127.0.0.1:9"])
        try house.runJobs()
        let now = house.clock.now()
        let id = try house.host.database.write { tx in
            try JobsTable.enqueue("host.alert_webhook", payload: "nonsense", due: now, at: now, in: tx)
            return try JobsTable.page(PageRequest(), state: .waiting, in: tx).rows.first?.id
        }
        try house.runJobs()
        let owner = try house.person()
        let page = try house.get("/admin/jobs?state=failed", as: owner).text
        #expect(page.contains("Alert to your program"))
        let failed = try #require(id)
        _ = try house.post("/admin/jobs/\(failed)/run", form: [], as: owner)
        let again = try house.host.database.read { tx in try JobsTable.find(failed, in: tx) }
        #expect(again?.state == .waiting)
        #expect(again?.dueAt == now)
    }

    @Test func `work whose turn does not come is marked`() throws {
        let house = try TestHost()
        try house.runJobs()
        house.clock.advance(by: .hours(3))
        let page = try house.get("/admin/jobs", as: house.person()).text
        #expect(page.contains("Overdue"))
    }
}
