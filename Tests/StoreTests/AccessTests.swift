import Core
import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

@Suite struct AccessTests {
    private func add(_ email: String, to host: Host) throws -> (user: User, isNew: Bool) {
        let user = User(
            id: ID.make(at: Host.now), email: email, name: "Ana", role: .owner, passwordHash: "hash",
            createdAt: Host.now)
        return (user, try host.database.write { tx in try UsersTable.add(user, in: tx) })
    }

    private func session(of user: User, token: String, until: Timestamp) -> Session {
        Session(
            id: ID.make(at: Host.now), userID: user.id, csrfSecret: [1, 2], createdAt: Host.now,
            lastSeenAt: Host.now, confirmedAt: Host.now, expiresAt: until, address: "192.0.2.1", agent: "Browser")
    }

    @Test(arguments: TestDatabase.engines)
    func `an address has one account, whatever its case`(_ engine: Engine) throws {
        let host = try Host(engine)
        #expect(try host.database.read { try UsersTable.isEmpty(in: $0) })
        #expect(try add("Ana@Example.com", to: host).isNew)
        #expect(try !add(" ana@example.com", to: host).isNew)
        let found = try host.database.read { try UsersTable.find(email: "ANA@EXAMPLE.COM", in: $0) }
        #expect(found?.email == "Ana@Example.com")
        #expect(found?.role == .owner)
    }

    @Test(arguments: TestDatabase.engines)
    func `a session ends with its time, and all of them with a new password`(_ engine: Engine) throws {
        let host = try Host(engine)
        let user = try add("ana@example.com", to: host).user
        let short = session(of: user, token: "a", until: Host.now + .hours(1))
        let long = session(of: user, token: "b", until: Host.now + .days(1))
        try host.database.write { tx in
            try SessionsTable.add(short, tokenHash: "a", in: tx)
            try SessionsTable.add(long, tokenHash: "b", in: tx)
        }
        func find(_ hash: String, at now: Timestamp) throws -> Session? {
            try host.database.read { try SessionsTable.find(tokenHash: hash, now: now, in: $0) }
        }
        #expect(try find("a", at: Host.now) == short)
        #expect(try find("a", at: Host.now + .hours(1)) == nil)
        #expect(try find("b", at: Host.now + .hours(2)) == long)
        #expect(try find("c", at: Host.now) == nil)
        try host.database.write { tx in try UsersTable.setPassword("new", of: user.id, in: tx) }
        #expect(try find("b", at: Host.now) == nil)
    }

    @Test(arguments: TestDatabase.engines)
    func `a removed person is signed out, and another's session cannot be ended`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try add("ana@example.com", to: host).user
        let ben = try add("ben@example.com", to: host).user
        let session = session(of: ana, token: "a", until: Host.now + .days(1))
        try host.database.write { tx in try SessionsTable.add(session, tokenHash: "a", in: tx) }
        #expect(try !host.database.write { tx in try SessionsTable.end(session.id, of: ben.id, in: tx) })
        #expect(try host.database.write { tx in try UsersTable.remove(ana.id, in: tx) })
        #expect(try host.count("SELECT count(*) FROM sessions") == 0)
    }

    @Test(arguments: TestDatabase.engines)
    func `a revoked key opens nothing and stays in the list`(_ engine: Engine) throws {
        let host = try Host(engine)
        let token = APIToken(
            id: ID.make(at: Host.now), name: "shop", scope: .write, prefix: "cw_ab", createdAt: Host.now)
        try host.database.write { tx in try TokensTable.add(token, hash: "h", in: tx) }
        #expect(try host.database.read { try TokensTable.find(hash: "h", in: $0) } == token)
        #expect(try host.database.write { tx in try TokensTable.revoke(token.id, at: Host.now, in: tx) })
        #expect(try host.database.read { try TokensTable.find(hash: "h", in: $0) } == nil)
        #expect(try host.database.read { try TokensTable.all(in: $0) }.map(\.revokedAt) == [Host.now])
    }

    @Test(arguments: TestDatabase.engines)
    func `a start link works once, within a day, and never beside an account`(_ engine: Engine) throws {
        let host = try Host(engine)
        func use(_ hash: String, at now: Timestamp) throws -> Bool {
            try host.database.write { tx in try StartLinksTable.use(tokenHash: hash, at: now, in: tx) }
        }
        try host.database.write { tx in
            try StartLinksTable.add(tokenHash: "a", at: Host.now, in: tx)
            try StartLinksTable.add(tokenHash: "b", at: Host.now, in: tx)
        }
        #expect(try !use("a", at: Host.now + .hours(24)))
        #expect(try use("a", at: Host.now + .hours(23)))
        #expect(try !use("a", at: Host.now + .hours(23)))
        _ = try add("ana@example.com", to: host)
        #expect(try !use("b", at: Host.now))
        #expect(try !host.database.read { try StartLinksTable.isOpen(tokenHash: "b", now: Host.now, in: $0) })
    }

    @Test(arguments: TestDatabase.engines)
    func `a throttle lets the limit through and then names the wait`(_ engine: Engine) throws {
        let host = try Host(engine)
        let rule = ThrottlesTable.Rule(limit: 2, window: .minutes(1))
        func take(at now: Timestamp) throws -> ThrottlesTable.Verdict {
            try host.database.write { tx in try ThrottlesTable.take("k", by: rule, now: now, in: tx) }
        }
        #expect(try take(at: Host.now) == .pass)
        #expect(try take(at: Host.now + .seconds(10)) == .pass)
        #expect(try take(at: Host.now + .seconds(20)) == .wait(.seconds(40)))
        #expect(try take(at: Host.now + .seconds(60)) == .pass)
    }

    @Test(arguments: TestDatabase.engines)
    func `two nodes together let no more through than the limit`(_ engine: Engine) throws {
        let host = try Host(engine)
        let rule = ThrottlesTable.Rule(limit: 20, window: .minutes(1))
        let verdicts = Collected<ThrottlesTable.Verdict>()
        try Concurrently.run(2) { _ in
            for _ in 0..<20 {
                verdicts.add(
                    try host.database.writeBatch { tx in
                        try ThrottlesTable.take("k", by: rule, now: Host.now, in: tx)
                    })
            }
        }
        #expect(verdicts.all.count { $0 == .pass } == 20)
    }

    @Test(arguments: TestDatabase.engines)
    func `an idempotency key answers again, and refuses another body`(_ engine: Engine) throws {
        let host = try Host(engine)
        let key = IdempotencyTable.Key(token: ID(1), path: "/api/v1/orders", key: "k")
        let answer = IdempotencyTable.Answer(status: 201, headers: ["Location": "/x"], body: [0, 255])
        func begin(_ hash: [UInt8], at now: Timestamp = Host.now) throws -> IdempotencyTable.Start {
            try host.database.write { tx in try IdempotencyTable.begin(key, requestHash: hash, at: now, in: tx) }
        }
        #expect(try begin([1]) == .goOn)
        #expect(try begin([1]) == .running)
        let isFinished = try host.database.write { tx in
            try IdempotencyTable.finish(key, begunAt: Host.now, with: answer, in: tx)
        }
        #expect(isFinished)
        #expect(try begin([1]) == .replay(answer))
        #expect(try begin([2]) == .mismatch)
        #expect(try begin([2], at: Host.now + .hours(24)) == .goOn)
    }

    @Test(arguments: TestDatabase.engines)
    func `a request that failed or died may be tried again`(_ engine: Engine) throws {
        let host = try Host(engine)
        let key = IdempotencyTable.Key(token: ID(1), path: "/p", key: "k")
        func begin(at now: Timestamp) throws -> IdempotencyTable.Start {
            try host.database.write { tx in try IdempotencyTable.begin(key, requestHash: [1], at: now, in: tx) }
        }
        #expect(try begin(at: Host.now) == .goOn)
        try host.database.write { tx in try IdempotencyTable.abandon(key, begunAt: Host.now, in: tx) }
        #expect(try begin(at: Host.now) == .goOn)
        let end = Host.now + IdempotencyTable.patience
        #expect(try begin(at: end - .seconds(1)) == .running)
        #expect(try begin(at: end) == .goOn)
        // It was not dead, only slow: the key is another's by now.
        let answer = IdempotencyTable.Answer(status: 201, headers: [:], body: [])
        let lateOnes = try host.database.write { tx in
            try IdempotencyTable.abandon(key, begunAt: Host.now, in: tx)
            return try IdempotencyTable.finish(key, begunAt: Host.now, with: answer, in: tx)
        }
        #expect(!lateOnes)
        #expect(try begin(at: end) == .running)
    }

    @Test(arguments: TestDatabase.engines)
    func `the audit log pages from the newest`(_ engine: Engine) throws {
        let host = try Host(engine)
        let entries = (0..<5).map { number in
            AuditEntry(
                id: ID.make(at: Host.now), at: Host.now, actor: "ana@example.com", action: "settings.changed",
                subject: "key\(number)", data: ["n": "\(number)"])
        }
        try host.database.write { tx in for entry in entries { try AuditTable.add(entry, in: tx) } }
        let first = try host.database.read { try AuditTable.page(PageRequest(limit: 3), in: $0) }
        let second = try host.database.read { tx in
            try AuditTable.page(PageRequest(limit: 3, after: first.next), in: tx)
        }
        #expect(first.rows + second.rows == entries.reversed())
        #expect(second.next == nil)
    }
}
