import App
import Core
import Crypto
import Database
import HTTP
import MetaCloudAPI
import PluginKit
import SQL
import Store
import TestSupport
import Testing
import Text

/// A secret is never where it could be read: not in the database or its log, not in the program's log, not on a page.
struct SecretsTests {
    static let clear = "clear-secret-that-nobody-may-read-4f2a"

    private func house() throws -> TestHost {
        try TestHost(
            plugins: [MetaCloudAPIPlugin()],
            settings: ["meta.access_token": Self.clear, "meta.app_secret": Self.clear, "meta.verify_token": Self.clear])
    }

    @Test func `no secret is in the clear in the data folder`() throws {
        let house = try house()
        let person = try house.person()
        _ = try house.get("/admin/settings/meta", as: person)
        let files = try house.dataFiles()
        #expect(files.contains { $0.name.hasSuffix("cartwright.db") })
        #expect(files.contains { $0.name.hasSuffix("-wal") })
        let needle = Array(Self.clear.utf8)
        for file in files { #expect(!file.bytes.contains(needle), "\(file.name)") }
    }

    @Test func `no secret is on a page or in the API`() throws {
        let house = try house()
        let page = try house.get("/admin/settings/meta", as: house.person())
        #expect(page.status == 200)
        #expect(!page.text.contains(Self.clear))
        #expect(page.text.contains("4f2a"))
        let settings = try house.get("/api/v1/settings", as: house.key(.admin))
        #expect(settings.status == 200)
        #expect(!settings.text.contains(Self.clear))
        #expect(try settings.json()["meta.access_token"].string == "(set)")
    }

    @Test func `where secrets are sent changes only with the password`() throws {
        let house = try house()
        let form = [(name: "meta.graph_url", value: "https://elsewhere.example")]
        let owner = try house.person()
        house.clock.advance(by: .minutes(15))
        #expect(try house.post("/admin/settings/meta", form: form, as: owner).status == 422)
        #expect(house.host.settings.stored("meta.graph_url") == nil)
    }

    enum Damage: CaseIterable { case flippedByte, movedToAnotherKey, cutOff }

    @Test(arguments: TestDatabase.engines, Damage.allCases)
    func `a damaged or moved secret is shown as unreadable, never as empty`(
        _ engine: Engine, _ damage: Damage
    ) throws {
        let house = try TestHost(
            engine, plugins: [MetaCloudAPIPlugin()], settings: ["meta.access_token": Self.clear])
        try house.host.database.write { tx in
            guard case .sealed(var bytes) = try SettingsTable.get("meta.access_token", in: tx) else {
                throw DatabaseError(kind: .unexpectedValue, message: "the secret is not sealed")
            }
            var key = "meta.access_token"
            switch damage {
            case .flippedByte: bytes[bytes.count - 3] ^= 0x10
            case .cutOff: bytes.removeLast(5)
            case .movedToAnotherKey: key = "meta.app_secret"
            }
            try SettingsTable.set(key, to: .sealed(bytes), at: Timestamp(seconds: 1), in: tx)
        }
        try house.host.settings.reload()
        let key = damage == .movedToAnotherKey ? "meta.app_secret" : "meta.access_token"
        #expect(house.host.settings.stored(key) == .unreadable)
        #expect(house.host.settings.unreadable([key]) == [key])
        let page = try house.get("/admin/settings/meta", as: house.person())
        #expect(page.text.contains("Cannot be opened"))
    }
}

extension Array where Element == UInt8 {
    /// Whether `needle` stands somewhere in the bytes.
    func contains(_ needle: [UInt8]) -> Bool {
        guard let first = needle.first, count >= needle.count else { return false }
        var from = startIndex
        while let start = self[from...].firstIndex(of: first) {
            if self[start...].starts(with: needle) { return true }
            from = start + 1
        }
        return false
    }
}
