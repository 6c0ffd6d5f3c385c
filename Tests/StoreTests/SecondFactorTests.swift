import Core
import Crypto
import Database
import SQL
import Store
import TestSupport
import Testing

@Suite struct SecondFactorTests {
    private static let masterKey = MasterKey.make()

    private func person(_ email: String, on host: Host, role: Role = .owner) throws -> User {
        let user = User(
            id: ID.make(at: Host.now), email: email, name: "", role: role, passwordHash: "hash", createdAt: Host.now)
        _ = try host.database.write { tx in try UsersTable.add(user, in: tx) }
        return user
    }

    @Test(arguments: TestDatabase.engines)
    func `a secret is on only after it was turned on, and is not replaced then`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try person("ana@example.com", on: host)
        let sealer = Sealer(Self.masterKey)
        let (first, second) = (OneTimeCode.make(), OneTimeCode.make())
        try host.database.write { tx throws in
            #expect(try SecondFactorsTable.prepare(first, of: ana.id, sealer: sealer, at: Host.now, in: tx))
            #expect(try !SecondFactorsTable.isOn(of: ana.id, in: tx))
            #expect(try SecondFactorsTable.prepare(second, of: ana.id, sealer: sealer, at: Host.now, in: tx))
            #expect(try SecondFactorsTable.turnOn(of: ana.id, at: Host.now, in: tx))
            #expect(try !SecondFactorsTable.turnOn(of: ana.id, at: Host.now, in: tx))
            #expect(try !SecondFactorsTable.prepare(first, of: ana.id, sealer: sealer, at: Host.now, in: tx))
        }
        let kept = try host.database.read { try SecondFactorsTable.find(of: ana.id, sealer: sealer, in: $0) }
        #expect(kept?.code.reveal() == second.reveal())
        #expect(kept?.turnedOnAt == Host.now)
    }

    @Test(arguments: TestDatabase.engines)
    func `one step is taken once, whoever comes at the same time`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try person("ana@example.com", on: host)
        try host.database.write { tx throws in
            let sealer = Sealer(Self.masterKey)
            _ = try SecondFactorsTable.prepare(OneTimeCode.make(), of: ana.id, sealer: sealer, at: Host.now, in: tx)
        }
        let taken = Collected<Bool>()
        try Concurrently.run(2) { _ in
            taken.add(try host.database.write { tx in try SecondFactorsTable.take(step: 7, of: ana.id, in: tx) })
        }
        #expect(taken.all.count(where: { $0 }) == 1)
        try host.database.write { tx throws in
            #expect(try !SecondFactorsTable.take(step: 6, of: ana.id, in: tx))
            #expect(try SecondFactorsTable.take(step: 8, of: ana.id, in: tx))
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `a secret moved to another person does not open, and outlives a new master key`(_ engine: Engine) throws {
        let host = try Host(engine)
        let (ana, ben) = (try person("ana@example.com", on: host), try person("ben@example.com", on: host))
        let code = OneTimeCode.make()
        let former = Sealer(Self.masterKey)
        let fresh = Sealer(MasterKey.make(), former: [Self.masterKey])
        try host.database.write { tx throws in
            _ = try SecondFactorsTable.prepare(code, of: ana.id, sealer: former, at: Host.now, in: tx)
            #expect(try SecondFactorsTable.reseal(with: fresh, in: tx) == 1)
            #expect(try SecondFactorsTable.reseal(with: fresh, in: tx) == 0)
        }
        let opened = try host.database.read { try SecondFactorsTable.find(of: ana.id, sealer: fresh, in: $0) }
        #expect(opened?.code.reveal() == code.reveal())
        try host.database.write { tx throws in
            try tx.run("UPDATE second_factors SET user_id = \(ben.id) WHERE user_id = \(ana.id)")
        }
        #expect(throws: CryptoError.self) {
            _ = try host.database.read { try SecondFactorsTable.find(of: ben.id, sealer: fresh, in: $0) }
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `a recovery code is good once, for its owner, until new ones are made`(_ engine: Engine) throws {
        let host = try Host(engine)
        let (ana, ben) = (try person("ana@example.com", on: host), try person("ben@example.com", on: host))
        try host.database.write { tx throws in
            try RecoveryCodesTable.replace(hashes: ["a", "b"], of: ana.id, in: tx)
            #expect(try !RecoveryCodesTable.use(hash: "a", of: ben.id, at: Host.now, in: tx))
            #expect(try RecoveryCodesTable.use(hash: "a", of: ana.id, at: Host.now, in: tx))
            #expect(try !RecoveryCodesTable.use(hash: "a", of: ana.id, at: Host.now, in: tx))
            #expect(try RecoveryCodesTable.left(of: ana.id, in: tx) == 1)
            try RecoveryCodesTable.replace(hashes: ["c"], of: ana.id, in: tx)
            #expect(try !RecoveryCodesTable.use(hash: "b", of: ana.id, at: Host.now, in: tx))
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `who is half signed in has one browser, a few tries and five minutes`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try person("ana@example.com", on: host)
        func find(_ visitor: String = "v", at now: Timestamp = Host.now) throws -> ID? {
            try host.database.read {
                try HalfSignInsTable.find(tokenHash: "t", visitorHash: visitor, now: now, in: $0)
            }
        }
        func add() throws {
            try host.database.write { tx throws in
                try HalfSignInsTable.add(tokenHash: "t", visitorHash: "v", user: ana.id, at: Host.now, in: tx)
            }
        }
        try add()
        #expect(try find() == ana.id)
        #expect(try find("other") == nil)
        #expect(try find(at: Host.now + .minutes(5)) == nil)
        try host.database.write { tx throws in
            for _ in 0..<HalfSignInsTable.mostWrong { try HalfSignInsTable.wrong(tokenHash: "t", in: tx) }
        }
        #expect(try find() == nil)
        #expect(try host.database.write { tx in try HalfSignInsTable.end(tokenHash: "t", in: tx) })
        try add()
        try host.database.write { tx in try UsersTable.setPassword("new", of: ana.id, in: tx) }
        #expect(try find() == nil)
    }

    @Test(arguments: TestDatabase.engines)
    func `a link works once, for three days, and a newer one takes its place`(_ engine: Engine) throws {
        let host = try Host(engine)
        func invite(_ hash: String) throws {
            _ = try host.database.write { tx throws in
                try AccountLinksTable.invite("Ben@example.com", as: .manager, tokenHash: hash, at: Host.now, in: tx)
            }
        }
        func find(_ hash: String, at now: Timestamp = Host.now) throws -> AccountLink? {
            try host.database.read { try AccountLinksTable.find(tokenHash: hash, now: now, in: $0) }
        }
        try invite("a")
        try invite("b")
        #expect(try find("a") == nil)
        let link = try #require(try find("b"))
        #expect(link.role == .manager && link.userID == nil)
        #expect(try find("b", at: Host.now + .hours(72)) == nil)
        let used = Collected<Bool>()
        try Concurrently.run(2) { _ in
            used.add(try host.database.write { tx in try AccountLinksTable.use(link.id, in: tx) })
        }
        #expect(used.all.count(where: { $0 }) == 1)
        #expect(try find("b") == nil)
    }

    @Test(arguments: TestDatabase.engines)
    func `the last owner is known as such`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ana = try person("ana@example.com", on: host)
        _ = try person("ben@example.com", on: host, role: .manager)
        #expect(try host.database.read { try UsersTable.isLastOwner(ana, in: $0) })
        _ = try person("cleo@example.com", on: host)
        #expect(try !host.database.read { try UsersTable.isLastOwner(ana, in: $0) })
    }

    @Test(arguments: TestDatabase.engines)
    func `beyond the free tries each one waits twice as long, up to a longest`(_ engine: Engine) throws {
        let host = try Host(engine)
        let rule = ThrottlesTable.Growing(free: 3, first: .seconds(1), longest: .seconds(5), memory: .hours(24))
        var now = Host.now
        func take() throws -> ThrottlesTable.Verdict {
            try host.database.write { [now] tx in try ThrottlesTable.take("k", by: rule, now: now, in: tx) }
        }
        for _ in 0..<4 { #expect(try take() == .pass) }
        for seconds: Int64 in [1, 2, 4, 5, 5] {
            #expect(try take() == .wait(.seconds(seconds)))
            now = now + .seconds(seconds)
            #expect(try take() == .pass)
        }
        now = now + .hours(24)
        for _ in 0..<4 { #expect(try take() == .pass) }
    }
}
