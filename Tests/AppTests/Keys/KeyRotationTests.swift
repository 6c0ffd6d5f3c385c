import App
import Core
import Crypto
import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

/// A new master key in the old one's place: nothing that was sealed is lost, wherever it stops.
@Suite struct `Rotating the master key` {
    private struct Crash: Error {}

    private static let secret = "the-access-token"

    private func store(_ text: String, as key: String = "sample.secret", in host: Host) throws {
        let now = host.clock.now()
        let store = SettingsStore(sealer: host.sealer)
        try host.database.write { tx in try store.set(key, to: Secret(text), at: now, in: tx) }
    }

    private func stored(_ key: String = "sample.secret", in host: Host, _ sealer: Sealer) throws -> StoredSetting {
        try host.database.read { tx in try SettingsStore(sealer: sealer).get(key, in: tx) }
    }

    private func rotation(
        _ host: Host, announce: @escaping (String) throws -> Void = { _ in },
        reached: @escaping (KeyRotation.Step) throws -> Void = { _ in }
    ) -> KeyRotation {
        KeyRotation(
            host.keyring.file, database: host.database, clock: host.clock, announce: announce, reached: reached)
    }

    @Test(arguments: TestDatabase.engines)
    func `seals every secret and every key of the host anew, and forgets the old key`(engine: Engine) throws {
        let house = try TestHost(engine)
        try store(Self.secret, in: house.host)
        let old = house.host.sealer.current
        var heard: [String] = []
        let outcome = try rotation(house.host, announce: { heard.append($0) }).run(by: "test")
        #expect(outcome.dropped == [old.id])
        #expect(outcome.kept.isEmpty)
        #expect(heard == [outcome.key, outcome.key])
        let keys = try house.host.keyring.file.load()
        #expect(keys.map(\.id) == [outcome.key])
        let fresh = Sealer(try #require(keys.first))
        #expect(try stored(in: house.host, fresh) == .secret(Secret(Self.secret)))
        #expect(
            try house.host.database.read { tx in try SealedValues.counts(in: tx) } == [outcome.key: outcome.resealed])
        // The secret and the keys of consents, suppressions and links.
        #expect(outcome.resealed == 4)
        let entry = try house.host.database.read { tx in
            try AuditTable.page(PageRequest(limit: 1), action: "key.rotated", in: tx).rows.first
        }
        #expect(entry?.subject == outcome.key)
    }

    @Test func `leaves the consents' proof as it was`() throws {
        let house = try TestHost()
        try house.contact(grants: [.orders])
        _ = try house.turns.sealConsents()
        _ = try rotation(house.host).run(by: "test")
        let sealer = Sealer(try #require(try house.host.keyring.file.load().first))
        let now = house.clock.now()
        let keys = try house.host.database.write { tx in try HostKeys.load(sealer: sealer, at: now, in: tx) }
        let verdict = try ConsentVerification(keys: keys).run(on: house.host.database)
        #expect(verdict.findings.isEmpty)
        #expect(verdict.rows == 1)
    }

    @Test(arguments: KeyRotation.Step.allCases)
    func `loses nothing when it crashes at any step, and is finished by the next one`(step: KeyRotation.Step) throws {
        let house = try TestHost()
        try store(Self.secret, in: house.host)
        #expect(throws: Crash.self) {
            try rotation(house.host, reached: { if $0 == step { throw Crash() } }).run(by: "test")
        }
        // What a program finds that starts now.
        let keys = try house.host.keyring.file.load()
        let sealer = Sealer(keys[0], former: Array(keys.dropFirst()))
        #expect(try stored(in: house.host, sealer) == .secret(Secret(Self.secret)))
        let now = house.host.clock.now()
        try house.host.database.write { tx in _ = try HostKeys.load(sealer: sealer, at: now, in: tx) }
        let outcome = try rotation(house.host).run(by: "test")
        #expect(try house.host.keyring.file.load().map(\.id) == [outcome.key])
        #expect(
            try stored(in: house.host, Sealer(try house.host.keyring.file.load()[0])) == .secret(Secret(Self.secret)))
    }

    @Test func `seals nothing with the new key before everybody has heard of it`() throws {
        let house = try TestHost()
        try store(Self.secret, in: house.host)
        let old = house.host.sealer
        #expect(throws: Crash.self) { try rotation(house.host, announce: { _ in throw Crash() }).run(by: "test") }
        // The old key goes on sealing; what was sealed with the new one meanwhile opens.
        let keys = try house.host.keyring.file.load()
        #expect(keys.count == 2 && keys.first == old.current)
        #expect(try stored(in: house.host, Sealer(old.current)) == .secret(Secret(Self.secret)))
        #expect(try rotation(house.host).run(by: "test").dropped == keys.map(\.id))
    }

    @Test(arguments: TestDatabase.engines)
    func `waits for every node that is alive, and names the one that does not hear`(engine: Engine) throws {
        let house = try TestHost(engine)
        let keys = NodeKeys(house.host.database, patience: .zero)
        try keys.wait(for: "new")
        try house.beat()
        let key = house.host.sealer.current.id
        try keys.wait(for: key)
        let deaf = Node(id: "deaf", name: "shop-2 4711", role: .worker, version: "1.0.0", keys: ["theirs"])
        let now = SystemClock().now()
        try house.host.database.write { tx in try NodesTable.beat(deaf, clock: now, in: tx) }
        let failure = #expect(throws: (any Error).self) { try keys.wait(for: key) }
        #expect("\(try #require(failure))".contains("shop-2 4711 (worker)"))
        try house.host.database.write { tx in
            try tx.run("UPDATE nodes SET seen_at = seen_at - 20000 WHERE id = 'deaf'")
        }
        try keys.wait(for: key)
    }

    @Test(arguments: TestDatabase.engines)
    func `lets nobody seal with the old key afterwards`(engine: Engine) throws {
        let house = try TestHost(engine)
        let old = SettingsStore(sealer: house.host.sealer)
        _ = try rotation(house.host).run(by: "test")
        let now = house.host.clock.now()
        let error = #expect(throws: CryptoError.self) {
            try house.host.database.write { tx in try old.set("sample.secret", to: Secret("late"), at: now, in: tx) }
        }
        #expect(error?.kind == .outdatedKey)
        // One who has looked at the key file again may.
        #expect(try house.host.keyring.refresh())
        try store("late", in: house.host)
        #expect(try stored(in: house.host, house.host.sealer) == .secret(Secret("late")))
    }

    @Test func `keeps the old key for a value that it cannot open`() throws {
        let house = try TestHost()
        let now = house.host.clock.now()
        // Sealed under another name: altered, as far as anybody can tell.
        let misplaced = house.host.sealer.seal(Secret("x"), name: "elsewhere")
        try house.host.database.write { tx in
            try SettingsTable.set("sample.secret", to: .sealed(misplaced), at: now, in: tx)
        }
        let old = house.host.sealer.current.id
        let outcome = try rotation(house.host).run(by: "test")
        #expect(outcome.kept == [old])
        #expect(try house.host.keyring.file.load().map(\.id) == [outcome.key, old])
    }

    @Test func `is in force in a running house at its next look`() throws {
        let house = try TestHost()
        try store(Self.secret, in: house.host)
        var steps = 0
        let application = house.application
        let outcome = try rotation(
            house.host,
            announce: { _ in
                steps += 1
                try application.refresh()
            }
        ).run(by: "test")
        #expect(steps == 2)
        #expect(house.host.sealer.keys.map(\.id) == [outcome.key])
        try house.host.settings.reload()
        #expect(house.host.settings.stored("sample.secret") == .secret(Secret(Self.secret)))
    }
}
