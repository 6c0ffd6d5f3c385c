import Core
import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

@Suite struct WorkTests {
    // Leases run by the database's clock, so an ended one is made by a span that has already passed.
    private static let ended = Timestamp.Span.seconds(-1)

    @Test(arguments: TestDatabase.engines)
    func `a lease has one holder, and its epoch rises as it changes hands`(_ engine: Engine) throws {
        let host = try Host(engine)
        func acquire(_ owner: String, for span: Timestamp.Span = .minutes(5)) throws -> Lease? {
            try host.database.write { tx in try LeasesTable.acquire("dispatch", owner: owner, for: span, in: tx) }
        }
        let first = try #require(try acquire("a"))
        #expect(first.epoch == 1)
        #expect(try acquire("b") == nil)
        #expect(try acquire("a")?.epoch == 1)
        #expect(try acquire("a", for: Self.ended)?.epoch == 1)
        let second = try #require(try acquire("b"))
        #expect(second.epoch == 2)
        #expect(try !host.database.read { try LeasesTable.isHeld(first, in: $0) })
        #expect(try host.database.read { try LeasesTable.isHeld(second, in: $0) })
        try host.database.write { tx in try LeasesTable.release(first, in: tx) }
        #expect(try acquire("c") == nil)
        try host.database.write { tx in try LeasesTable.release(second, in: tx) }
        #expect(try acquire("b")?.epoch == 3)
    }

    @Test(arguments: TestDatabase.engines)
    func `of two who reach for a lease one gets it`(_ engine: Engine) throws {
        let host = try Host(engine)
        for round in 0..<30 {
            let won = Collected<Lease>()
            try Concurrently.run(2) { number in
                let lease = try host.database.write { tx in
                    try LeasesTable.acquire("lease-\(round)", owner: "node-\(number)", for: .minutes(5), in: tx)
                }
                if let lease { won.add(lease) }
            }
            #expect(won.all.count == 1)
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `who stops in order leaves no lease behind, and nobody else's ends`(_ engine: Engine) throws {
        let host = try Host(engine)
        func acquire(_ name: String, _ owner: String) throws -> Lease? {
            try host.database.write { tx in try LeasesTable.acquire(name, owner: owner, for: .minutes(5), in: tx) }
        }
        #expect(try acquire("one", "a") != nil)
        #expect(try acquire("two", "b") != nil)
        try host.database.write { tx in try LeasesTable.endAll(of: "a", in: tx) }
        #expect(try acquire("one", "c") != nil)
        #expect(try acquire("two", "c") == nil)
    }

    private func claim(_ host: Host, lease: Timestamp.Span = .minutes(5), at now: Timestamp = Host.now) throws -> [Job]
    {
        try host.database.writeBatch { tx in
            try JobsTable.claim(kinds: ["sync"], owner: "me", lease: lease, limit: 10, now: now, in: tx)
        }
    }

    private func enqueue(_ host: Host, dedupe: String? = nil, kind: String = "sync") throws -> Bool {
        try host.database.write { tx in
            try JobsTable.enqueue(kind, payload: "p", dedupe: dedupe, due: Host.now, at: Host.now, in: tx)
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `a waiting job is asked for once; while it runs it may be asked for again`(_ engine: Engine) throws {
        let host = try Host(engine)
        #expect(try enqueue(host, dedupe: "k"))
        #expect(try !enqueue(host, dedupe: "k"))
        let first = try claim(host)
        #expect(first.count == 1)
        #expect(try enqueue(host, dedupe: "k"))
        #expect(try claim(host).count == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `a job is claimed when due, by kind, and by one worker`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try enqueue(host)
        _ = try enqueue(host, kind: "other")
        #expect(try claim(host, at: Host.now - .seconds(1)).isEmpty)
        #expect(try claim(host).map(\.kind) == ["sync"])
        #expect(try claim(host).isEmpty)
    }

    @Test(arguments: TestDatabase.engines)
    func `a job whose worker died goes on from its progress, and the dead one's word is not taken`(
        _ engine: Engine
    ) throws {
        let host = try Host(engine)
        _ = try enqueue(host)
        let lost = try #require(try claim(host).first)
        #expect(try host.database.write { tx in try JobsTable.save("row 7", of: lost, lease: Self.ended, in: tx) })
        let again = try #require(try claim(host).first)
        #expect(again.progress == "row 7")
        #expect(again.tries == 2)
        #expect(try !host.database.write { tx in try JobsTable.finish(lost, at: Host.now, in: tx) })
        #expect(try host.database.write { tx in try JobsTable.finish(again, at: Host.now, in: tx) })
        let ended = try host.database.read { try JobsTable.page(PageRequest(), state: .done, in: $0) }
        #expect(ended.rows.map(\.id) == [lost.id])
    }

    @Test(arguments: TestDatabase.engines)
    func `the lease of a job at work is renewed, and one in other hands is lost`(_ engine: Engine) throws {
        let host = try Host(engine)
        _ = try enqueue(host)
        _ = try enqueue(host)
        let jobs = try claim(host, lease: Self.ended)
        let taken = try host.database.writeBatch { tx in
            try JobsTable.claim(
                kinds: ["sync"], owner: "other", lease: .minutes(5), limit: 1, now: Host.now, in: tx)
        }
        let renewed = try host.database.writeBatch { tx in try JobsTable.renew(jobs, lease: .minutes(5), in: tx) }
        #expect(renewed == Set(jobs.map(\.id)).subtracting(taken.map(\.id)))
        #expect(try claim(host).isEmpty)
    }

    @Test(arguments: TestDatabase.engines)
    func `a job that is hastened while it runs has another turn at once`(_ engine: Engine) throws {
        let host = try Host(engine)
        try host.database.write { tx in try JobsTable.declare("sync", every: .hours(1), at: Host.now, in: tx) }
        let first = try #require(try claim(host).first)
        let asked = Host.now + .seconds(1)
        try host.database.write { tx in try JobsTable.hasten("sync", to: asked, in: tx) }
        try host.database.write { tx in try JobsTable.finish(first, at: asked + .seconds(1), in: tx) }
        let second = try #require(try claim(host, at: asked + .seconds(1)).first)
        #expect(second.lastDuration == .seconds(2))
        try host.database.write { tx in try JobsTable.finish(second, at: asked + .seconds(2), in: tx) }
        #expect(try claim(host, at: asked + .minutes(30)).isEmpty)
        try host.database.write { tx in try JobsTable.hasten("sync", to: asked + .minutes(30), in: tx) }
        #expect(try claim(host, at: asked + .minutes(30)).count == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `a job is troubled when it fails again and again, or when its turn does not come`(_ engine: Engine) throws {
        let host = try Host(engine)
        func troubled(at now: Timestamp) throws -> [String?] {
            try host.database.read { tx in
                try JobsTable.troubled(
                    kinds: ["sync"], failedSince: now - .days(1), overdueBefore: now - Job.patience, in: tx)
            }.map(\.lastError)
        }
        #expect(try enqueue(host))
        #expect(try troubled(at: Host.now + .minutes(4)) == [])
        #expect(try troubled(at: Host.now + .minutes(6)) == [nil])
        for round in 0..<3 {
            let now = Host.now + .minutes(Int64(round))
            let job = try #require(try claim(host, at: now).first)
            #expect(try troubled(at: now) == [])
            try host.database.write { tx in
                try JobsTable.failed(job, error: "offline", at: now, again: now + .minutes(1), in: tx)
            }
        }
        #expect(try troubled(at: Host.now + .minutes(3)) == ["offline"])
        let last = try #require(try claim(host, at: Host.now + .minutes(3)).first)
        try host.database.write { tx in try JobsTable.finish(last, at: Host.now + .minutes(3), in: tx) }
        #expect(try troubled(at: Host.now + .days(2)) == [])
    }

    @Test(arguments: TestDatabase.engines)
    func `a repeating job waits for its next turn, also after a failure`(_ engine: Engine) throws {
        let host = try Host(engine)
        try host.database.write { tx in try JobsTable.declare("sync", every: .hours(1), at: Host.now, in: tx) }
        let first = try #require(try claim(host).first)
        try host.database.write { tx in try JobsTable.finish(first, at: Host.now, in: tx) }
        #expect(try host.database.read { try JobsTable.nextDue(kinds: ["sync"], in: $0) } == Host.now + .hours(1))
        let later = Host.now + .hours(1)
        let second = try #require(try claim(host, at: later).first)
        try host.database.write { tx in try JobsTable.fail(second, error: "offline", at: later, in: tx) }
        let waiting = try host.database.read { try JobsTable.repeating(in: $0) }
        #expect(waiting.map(\.lastError) == ["offline"])
        #expect(waiting.map(\.lastFailedAt) == [later])
        #expect(waiting.map(\.dueAt) == [later + .hours(1)])
    }

    @Test(arguments: TestDatabase.engines)
    func `a job that nobody here can do does not wake anybody`(_ engine: Engine) throws {
        let host = try Host(engine)
        #expect(try enqueue(host, kind: "gone.sweep"))
        #expect(try claim(host).isEmpty)
        #expect(try host.database.read { try JobsTable.nextDue(kinds: ["sync"], in: $0) } == nil)
        #expect(try host.database.read { try JobsTable.nextDue(kinds: ["gone.sweep"], in: $0) } == Host.now)
    }

    @Test(arguments: TestDatabase.engines)
    func `a shorter interval brings the next turn nearer`(_ engine: Engine) throws {
        let host = try Host(engine)
        try host.database.write { tx in try JobsTable.declare("sync", every: .hours(24), at: Host.now, in: tx) }
        let job = try #require(try claim(host).first)
        try host.database.write { tx in try JobsTable.finish(job, at: Host.now, in: tx) }
        try host.database.write { tx in try JobsTable.declare("sync", every: .minutes(5), at: Host.now, in: tx) }
        #expect(try host.database.read { try JobsTable.nextDue(kinds: ["sync"], in: $0) } == Host.now + .minutes(5))
        #expect(try host.count("SELECT count(*) FROM jobs") == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `workers side by side claim each job once`(_ engine: Engine) throws {
        let host = try Host(engine)
        for _ in 0..<60 { _ = try enqueue(host) }
        let claimed = Collected<ID>()
        try Concurrently.run(2) { _ in
            while case let jobs = try claim(host), !jobs.isEmpty { claimed.add(contentsOf: jobs.map(\.id)) }
        }
        #expect(claimed.all.count == 60)
        #expect(Set(claimed.all).count == 60)
    }

    @Test(arguments: TestDatabase.engines)
    func `a sync of templates brings, changes and removes`(_ engine: Engine) throws {
        let host = try Host(engine)
        func template(_ name: String, _ status: String) -> ChannelTemplate {
            ChannelTemplate(
                externalID: "1", name: name, language: "en_US", status: status, category: "UTILITY",
                bodyParameters: ["1", "2"], bodyText: "Hi {{1}} {{2}}", components: "[]", quality: nil)
        }
        func sync(_ templates: [ChannelTemplate]) throws -> [ChannelTemplate] {
            try host.database.write { tx in
                try ChannelTemplatesTable.replace(templates, channel: "meta", at: Host.now, in: tx)
                return try ChannelTemplatesTable.all(channel: "meta", in: tx)
            }
        }
        #expect(try sync([template("a", "PENDING"), template("b", "APPROVED")]).count == 2)
        #expect(try sync([template("a", "APPROVED")]) == [template("a", "APPROVED")])
    }
}
