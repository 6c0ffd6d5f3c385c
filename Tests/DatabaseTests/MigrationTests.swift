import Core
import Database
import FoundationEssentials
import SQL
import TestSupport
import Testing

/// Schemas move forward, once, whole, and never by an edited step.
@Suite struct MigrationTests {
    private static let first = Migration(1, "first", common: ["CREATE TABLE one (id INTEGER PRIMARY KEY)"])
    private static let second = Migration(
        2, "second",
        common: ["CREATE TABLE two (id INTEGER PRIMARY KEY)", "INSERT INTO two (id) VALUES (1)"])

    private func host(_ migrations: Migration...) -> MigrationSeries {
        MigrationSeries(name: "host", migrations: migrations)
    }

    @Test(arguments: TestDatabase.engines)
    func `each step is applied once and recorded`(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        try test.database.migrate([host(Self.first)], program: 1)
        try test.database.migrate([host(Self.first, Self.second)], program: 1)
        try test.database.migrate([host(Self.first, Self.second)], program: 1)
        let recorded = try test.database.read {
            try $0.rows("SELECT series, version, name FROM migrations ORDER BY series, version")
        }
        #expect(
            recorded.map(\.values) == [
                [.text("host"), .integer(1), .text("first")], [.text("host"), .integer(2), .text("second")],
            ])
        #expect(try test.database.read { try $0.count("SELECT count(*) FROM two") } == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `an edited step stops the start`(_ engine: Engine) throws {
        let test = try TestDatabase(engine, migrating: [host(Self.first)])
        let edited = Migration(1, "first", common: ["CREATE TABLE one (id INTEGER PRIMARY KEY, extra TEXT)"])
        let error = #expect(throws: DatabaseError.self) {
            try test.database.migrate([host(edited, Self.second)], program: 1)
        }
        #expect(error?.kind == .schema)
        #expect(error?.message.contains("host 1 (first) was edited") == true)
        #expect(throws: DatabaseError.self) { try test.database.read { try $0.rows("SELECT id FROM two") } }
    }

    @Test(arguments: TestDatabase.engines)
    func `a step that fails leaves nothing of itself and all before it`(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let failing = Migration(
            2, "failing", common: ["CREATE TABLE two (id INTEGER PRIMARY KEY)", "INSERT INTO nowhere (id) VALUES (1)"])
        #expect(throws: DatabaseError.self) {
            try test.database.migrate([host(Self.first, failing)], program: 1)
        }
        #expect(try test.database.read { try $0.count("SELECT count(*) FROM one") } == 0)
        #expect(throws: DatabaseError.self) { try test.database.read { try $0.rows("SELECT id FROM two") } }
        try test.database.migrate([host(Self.first, Self.second)], program: 1)
        #expect(try test.database.read { try $0.count("SELECT count(*) FROM two") } == 1)
    }

    @Test(arguments: TestDatabase.engines)
    func `programs that start together apply each step once`(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let series = MigrationSeries(
            name: "host",
            migrations: (1...8).map { version in
                Migration(version, "step \(version)", common: ["CREATE TABLE step_\(version) (id INTEGER PRIMARY KEY)"])
            })
        try Concurrently.run(3) { _ in
            let database = try test.another()
            defer { database.close() }
            try database.migrate([series], program: 1)
        }
        #expect(try test.database.read { try $0.count("SELECT count(*) FROM migrations") } == 8)
    }

    @Test(arguments: TestDatabase.engines)
    func `a program older than the database asks for is refused`(_ engine: Engine) throws {
        let test = try TestDatabase(engine)
        let contracting = Migration(2, "contract", common: ["UPDATE schema_info SET min_program = 5"])
        try test.database.migrate([host(Self.first, contracting)], program: 5)
        let error = #expect(throws: DatabaseError.self) { try test.database.migrate([host(Self.first)], program: 4) }
        #expect(error?.kind == .schema)
        // The release before it still runs on a schema that it does not know, as long as nothing forbids it.
        try test.database.migrate([host(Self.first)], program: 5)
    }

    @Test func `an existing file is copied before it changes`() throws {
        let test = try TestDatabase(.sqlite)
        let copy = test.folder.path + "/cartwright.db.before-migration"
        try test.database.migrate([host(Self.first)], program: 1)
        #expect(!FileManager.default.fileExists(atPath: copy))
        try test.database.migrate([host(Self.first, Self.second)], program: 1)
        let before = try Database(.file(copy), clock: SystemClock(), log: TestDatabase.quiet)
        defer { before.close() }
        #expect(try before.read { try $0.count("SELECT count(*) FROM migrations") } == 1)
        let attributes = try FileManager.default.attributesOfItem(atPath: copy)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func `versions rise, and a number that is not there yet holds nobody up`() throws {
        let test = try TestDatabase(.sqlite)
        let error = #expect(throws: DatabaseError.self) {
            try test.database.migrate([host(Self.second, Self.first)], program: 1)
        }
        #expect(error?.kind == .schema)
        let fourth = Migration(4, "fourth", common: ["CREATE TABLE four (id INTEGER PRIMARY KEY)"])
        try test.database.migrate([host(Self.first, fourth)], program: 1)
        try test.database.migrate([host(Self.first, Self.second, fourth)], program: 1)
        #expect(try test.database.read { try $0.count("SELECT count(*) FROM migrations") } == 3)
    }
}
