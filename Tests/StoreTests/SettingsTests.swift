import Core
import Database
import Crypto
import Domain
import SQL
import Store
import TestSupport
import Testing

@Suite struct SettingsTests {
    @Test(arguments: TestDatabase.engines)
    func `a secret comes back, a plain value comes back, a missing one is absent`(_ engine: Engine) throws {
        let host = try Host(engine)
        let settings = SettingsStore(sealer: host.sealer)
        let found = try host.database.write { tx in
            try settings.set("meta.access_token", to: Secret("EAAG-clear"), at: Host.now, in: tx)
            try settings.set("site.name", to: "Tea & Co", at: Host.now, in: tx)
            return try settings.all(in: tx)
        }
        #expect(found == ["meta.access_token": .secret(Secret("EAAG-clear")), "site.name": .plain("Tea & Co")])
        #expect(try host.database.read { try settings.get("site.url", in: $0) } == .absent)
    }

    @Test(arguments: TestDatabase.engines)
    func `a setting taken back is absent again`(_ engine: Engine) throws {
        let host = try Host(engine)
        let settings = SettingsStore(sealer: host.sealer)
        let found = try host.database.write { tx in
            try settings.set("site.name", to: "Tea", at: Host.now, in: tx)
            try settings.remove("site.name", at: Host.now, in: tx)
            return try settings.get("site.name", in: tx)
        }
        #expect(found == .absent)
    }

    enum Harm: CaseIterable { case flippedByte, otherKey, movedToAnotherSetting, cutShort }

    @Test(arguments: TestDatabase.engines, Harm.allCases)
    func `a secret that cannot be opened is unreadable, never empty`(_ engine: Engine, _ harm: Harm) throws {
        let host = try Host(engine)
        let settings = SettingsStore(sealer: host.sealer)
        try host.database.write { tx in
            try settings.set("meta.app_secret", to: Secret("clear"), at: Host.now, in: tx)
            guard case .sealed(var bytes) = try SettingsTable.get("meta.app_secret", in: tx) else { return }
            var key = "meta.app_secret"
            switch harm {
            case .flippedByte: bytes[bytes.count / 2] ^= 1
            case .otherKey: bytes = Sealer(MasterKey.make()).seal(Secret("clear"), name: key)
            case .movedToAnotherSetting:
                key = "besked.api_key"
            case .cutShort: bytes.removeLast()
            }
            try SettingsTable.set(key, to: .sealed(bytes), at: Host.now, in: tx)
        }
        let key = harm == .movedToAnotherSetting ? "besked.api_key" : "meta.app_secret"
        #expect(try host.database.read { try settings.get(key, in: $0) } == .unreadable)
    }

    @Test func `no file of the database holds a secret in the clear`() throws {
        let host = try Host(.sqlite)
        let settings = SettingsStore(sealer: host.sealer)
        try host.database.write { tx in
            try settings.set("site.name", to: "plain-word-that-is-found", at: Host.now, in: tx)
            try settings.set("meta.app_secret", to: Secret("clear-word-that-is-not"), at: Host.now, in: tx)
        }
        let bytes = try host.test.folder.everyByte()
        #expect(bytes.contains(Array("plain-word-that-is-found".utf8)))
        #expect(!bytes.contains(Array("clear-word-that-is-not".utf8)))
    }

    @Test(arguments: TestDatabase.engines)
    func `every change raises the revision that other processes watch`(_ engine: Engine) throws {
        let host = try Host(engine)
        let before = try host.database.read { try RevisionsTable.all(in: $0) }
        try host.database.write { tx in try SettingsTable.set("a", to: .plain("1"), at: Host.now, in: tx) }
        try host.database.write { tx in try SettingsTable.set("a", to: nil, at: Host.now, in: tx) }
        let after = try host.database.read { try RevisionsTable.all(in: $0) }
        #expect(after[.settings] == (before[.settings] ?? 0) + 2)
        #expect(after[.users] == before[.users])
    }

    @Test(arguments: TestDatabase.engines)
    func `after a rotation every secret opens with the new key alone, and keys are the same`(_ engine: Engine) throws {
        let host = try Host(engine)
        let contact = try host.contact()
        let before = try host.say(.grant, by: contact)
        try host.database.write { tx in
            try SettingsStore(sealer: host.sealer).set("smtp.url", to: Secret("smtp://x"), at: Host.now, in: tx)
        }
        let next = MasterKey.make()
        let both = SettingsStore(sealer: Sealer(next, former: [host.sealer.current]))
        #expect(try host.database.write { tx in try both.resealAll(at: Host.now, in: tx) } == 4)
        let alone = Sealer(next)
        let opened = try host.database.read { try SettingsStore(sealer: alone).get("smtp.url", in: $0) }
        #expect(opened == .secret(Secret("smtp://x")))
        let keys = try host.database.write { tx in try HostKeys.load(sealer: alone, at: Host.now, in: tx) }
        #expect(try ConsentVerification(keys: keys).run(on: host.database).findings == [])
        #expect(before.isInForce)
    }

    @Test(arguments: TestDatabase.engines)
    func `keys that cannot be opened stop the start and are not replaced`(_ engine: Engine) throws {
        let host = try Host(engine)
        let stranger = Sealer(MasterKey.make())
        #expect(throws: CryptoError.self) {
            try host.database.write { tx in _ = try HostKeys.load(sealer: stranger, at: Host.now, in: tx) }
        }
        #expect(throws: Never.self) {
            try host.database.write { tx in _ = try HostKeys.load(sealer: host.sealer, at: Host.now, in: tx) }
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `two processes that start at once agree on the keys`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [HostSchema.series])
        let sealer = Sealer(MasterKey.make())
        let tokens = Collected<String>()
        try Concurrently.run(2) { _ in
            let keys = try test.database.write { tx in try HostKeys.load(sealer: sealer, at: Host.now, in: tx) }
            let contact = try test.database.write { tx in
                try ContactsTable.reach(
                    PersonKey(phone: "+12025550101"), details: ContactDetails(), weight: .replaces, at: Host.now, in: tx
                )
            }
            tokens.add(
                try test.database.write { tx in
                    try PreferenceTokens(keys: keys).issue(for: contact.id, at: Host.now, in: tx)
                })
        }
        #expect(tokens.all.count == 2)
        #expect(Set(tokens.all).count == 1)
    }
}
