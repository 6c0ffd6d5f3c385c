import App
import Core
import Database
import Glibc
import HTTP
import SQL
import Store
import TestSupport
import Testing

@Suite struct `The page of backups` {
    private func runs(_ house: TestHost) throws -> [BackupRun] {
        try house.host.database.read { tx in try BackupsTable.newest(20, in: tx) }
    }

    @Test(arguments: TestDatabase.engines)
    func `makes one on demand, which can be downloaded after the password`(engine: Engine) throws {
        let house = try TestHost(engine)
        try house.runJobs()
        #expect(try runs(house).isEmpty)
        let owner = try house.person()
        #expect(try house.get("/admin/backups", as: owner).text.contains("No backup yet"))
        #expect(try house.post("/admin/backups", form: [], as: owner).status == 303)
        #expect(try house.get("/admin/backups", as: owner).text.contains("A backup is being made"))
        try house.runJobs()
        let run = try #require(try runs(house).first)
        #expect(run.error == nil)
        #expect(run.actor == "owner@shop.example")
        var status = stat()
        #expect(stat(run.file, &status) == 0 && Int(status.st_size) == run.bytes)
        let page = try house.get("/admin/backups", as: owner).text
        #expect(page.contains("/admin/backups/\(run.id)/file"))
        #expect(!page.contains("A backup is being made"))

        house.clock.advance(by: .hours(1))
        let asked = try house.get("/admin/backups/\(run.id)/file", as: owner)
        #expect(asked.status == 303)
        #expect(asked.headers["Location"]?.hasPrefix("/admin/confirm?next=") == true)
        #expect(try house.get("/admin/backups/\(run.id)/file", as: house.person(.manager)).status == 403)
        let actions = try house.host.database.read { tx in try AuditTable.page(PageRequest(), in: tx).rows }
        #expect(actions.contains { $0.action == "backup.made" && $0.data["file"] == run.file })
    }

    @Test func `hands the file out and puts that on record`() throws {
        let house = try TestHost()
        let owner = try house.person()
        _ = try house.post("/admin/backups", form: [], as: owner)
        try house.runJobs()
        let run = try #require(try runs(house).first)
        let answer = try house.get("/admin/backups/\(run.id)/file", as: owner)
        #expect(answer.status == 200)
        #expect(answer.headers["Content-Disposition"]?.contains("attachment; filename=\"cartwright-") == true)
        #expect(answer.headers["Content-Type"] == "application/zip")
        let audit = try house.host.database.read { tx in
            try AuditTable.page(PageRequest(), action: "backup.downloaded", in: tx).rows
        }
        #expect(audit.map(\.actor) == ["owner@shop.example"])
        unlink(run.file)
        #expect(try house.get("/admin/backups/\(run.id)/file", as: owner).status == 404)
    }

    @Test func `tells one that lies elsewhere from one that is gone`() throws {
        let house = try TestHost()
        let owner = try house.person()
        _ = try house.post("/admin/backups", form: [], as: owner)
        try house.runJobs()
        let run = try #require(try runs(house).first)
        #expect(try !house.get("/admin", as: owner).text.contains("no longer where it was"))
        let other = house.host.options.data + "/by-hand.zip"
        close(open(other, O_CREAT | O_WRONLY, 0o600))
        for (file, node) in [(other, run.node), (run.file, "shop-2")] {
            house.clock.advance(by: .minutes(1))
            var elsewhere = run
            elsewhere.id = ID.make(at: house.clock.now())
            (elsewhere.file, elsewhere.node) = (file, node)
            try house.host.database.write { [elsewhere] tx in try BackupsTable.add(elsewhere, in: tx) }
            #expect(try house.get("/admin/backups/\(elsewhere.id)/file", as: owner).status == 404)
        }
        unlink(run.file)
        let page = try house.get("/admin/backups", as: owner).text
        #expect(page.contains("In another folder") && page.contains("copy it from there"))
        #expect(page.contains("On another machine") && page.contains("It lies on shop-2: copy it from there"))
        #expect(page.contains("No longer there") && !page.contains("Can be downloaded"))
        try house.host.database.write { tx in try tx.run("DELETE FROM backups WHERE id <> \(run.id)") }
        #expect(try house.get("/admin", as: owner).text.contains("no longer where it was"))
    }

    @Test func `says when there should be one and is none`() throws {
        let house = try TestHost()
        let owner = try house.person()
        #expect(try !house.get("/admin", as: owner).text.contains("There is no fresh backup"))
        house.clock.advance(by: .hours(26))
        #expect(try house.get("/admin", as: owner).text.contains("There is no fresh backup"))
        try house.runJobs()
        #expect(try runs(house).map(\.actor) == ["schedule"])
        #expect(try !house.get("/admin", as: owner).text.contains("There is no fresh backup"))
        house.clock.advance(by: .hours(49))
        #expect(try house.get("/admin", as: owner).text.contains("There is no fresh backup"))
    }

    @Test func `keeps as many of its own as the settings say, and touches no other file`() throws {
        let house = try TestHost(settings: ["backup.keep": "2"])
        let folder = house.host.options.data + "/backups"
        mkdir(folder, 0o700)
        let other = folder + "/cartwright-of-mine.zip"
        close(open(other, O_CREAT | O_WRONLY, 0o600))
        let owner = try house.person()
        for _ in 0..<4 {
            _ = try house.post("/admin/backups", form: [], as: owner)
            try house.runJobs()
            house.clock.advance(by: .minutes(1))
        }
        let there = try runs(house).map { access($0.file, F_OK) == 0 }
        // What was removed to make room is off the list.
        #expect(there == [true, true])
        #expect(access(other, F_OK) == 0)
    }

    @Test func `shows one that failed, with its reason, to the owner and to Prometheus`() throws {
        let house = try TestHost()
        let folder = house.host.options.data + "/backups"
        close(open(folder, O_CREAT | O_WRONLY, 0o600))
        let owner = try house.person()
        let before = try house.send(.get, "/metrics", from: "127.0.0.1").text
        #expect(!before.contains("cartwright_backup_last_success_timestamp_seconds "))
        _ = try house.post("/admin/backups", form: [], as: owner)
        try house.runJobs()
        #expect(try house.get("/admin", as: owner).text.contains("The last backup failed"))
        unlink(folder)
        house.clock.advance(by: .hours(1))
        try house.runJobs()
        #expect(try !house.get("/admin", as: owner).text.contains("The last backup failed"))
        let run = try #require(try runs(house).first)
        let after = try house.send(.get, "/metrics", from: "127.0.0.1").text
        #expect(after.contains("cartwright_backup_last_bytes \(run.bytes)"))
    }
}
