import Core
import Database
import SQL
import Store
import TestSupport
import Testing

@Suite struct `The table of backups` {
    private func run(_ minute: Int64, error: String? = nil) -> BackupRun {
        let at = Host.now + .minutes(minute)
        return BackupRun(
            id: ID.make(at: at), file: "/data/\(minute).zip", node: "shop-1", actor: "schedule", startedAt: at,
            duration: .seconds(3), bytes: 70, rows: 7, error: error)
    }

    @Test(arguments: TestDatabase.engines)
    func `knows the newest, and the last that went well`(engine: Engine) throws {
        let host = try Host(engine)
        let (good, bad) = (run(1), run(2, error: "the disk is full"))
        try host.database.write { tx in
            for run in [good, bad] { try BackupsTable.add(run, in: tx) }
        }
        try host.database.read { tx throws in
            #expect(try BackupsTable.newest(5, in: tx) == [bad, good])
            #expect(try BackupsTable.lastGood(in: tx) == good)
            #expect(try BackupsTable.find(bad.id, in: tx) == bad)
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `forgets those of a machine whose files are no more`(engine: Engine) throws {
        let host = try Host(engine)
        var elsewhere = run(1)
        elsewhere.id = ID.make(at: Host.now)
        elsewhere.node = "shop-2"
        let kept = [run(2), elsewhere]
        try host.database.write { tx in
            for run in kept + [run(1)] { try BackupsTable.add(run, in: tx) }
            try BackupsTable.remove(["/data/1.zip", "/data/3.zip"], on: "shop-1", in: tx)
        }
        #expect(try host.database.read { tx in try BackupsTable.newest(5, in: tx) } == kept)
    }

    @Test(arguments: TestDatabase.engines)
    func `forgets the oldest, but never the last that went well`(engine: Engine) throws {
        let host = try Host(engine)
        let good = run(0)
        let failures = (1...230).map { run($0, error: "no") }
        try host.database.write { tx in for run in [good] + failures { try BackupsTable.add(run, in: tx) } }
        #expect(try host.count("SELECT count(*) FROM backups") == 201)
        let last = try host.database.read { tx in try BackupsTable.lastGood(in: tx) }
        #expect(last == good)
    }
}
