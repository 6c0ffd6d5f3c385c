import App
import Core
import Database
import HTTP
import Messaging
import SQL
import Store
import TestSupport
import Testing
import Text

/// While the nodes of a shop are exchanged one by one, this release works on the schema of the next one.
@Suite struct `A schema of the next release` {
    /// What a release may add without asking: a column to every table, a table, an index.
    private static func next(_ engine: Engine) -> MigrationSeries {
        let tables = HostSchema.series.tables(for: engine).filter { !$0.hasSuffix("_search") }.sorted()
        return MigrationSeries(
            name: "host",
            migrations: [
                Migration(
                    1000, "next release",
                    common: tables.map { "ALTER TABLE \($0) ADD COLUMN next_release INTEGER NOT NULL DEFAULT 7" } + [
                        "CREATE TABLE parcels (id INTEGER PRIMARY KEY, order_id BIGINT NOT NULL)",
                        "CREATE INDEX orders_by_next_release ON orders (next_release, id)",
                    ])
            ])
    }

    private func order(_ id: String) -> String {
        """
        {"id":"\(id)","number":"\(id)","status":"processing","created_at":"2026-11-20T10:20:00Z",
         "updated_at":"2026-11-20T10:20:00Z","total":{"amount":"29.90","currency":"USD"},
         "customer":{"first_name":"Ana","phone":"+12025550101","country":"US"},"consent":{"orders":true}}
        """
    }

    /// An order comes in, its message leaves, and pages and API show both.
    private func live(_ house: TestHost, order id: String) throws {
        let key = try house.key(.write)
        #expect(try house.post("/api/v1/orders", json: order(id), as: key).status == 201)
        try house.post(
            "/api/v1/messages", json: #"{"to":"+12025550101","purpose":"orders","text":"Order \#(id)"}"#, as: key)
        try house.work()
        // A number that comes over from another node rests for a moment.
        try house.advance(by: .seconds(2))
        try house.runJobs()
        #expect(house.channel.texts.contains("Order \(id)"))
        let owner = TestCaller.person(try house.signIn(email: "owner-\(id)@example.com"))
        for page in [
            "/admin", "/admin/orders", "/admin/messages", "/admin/contacts", "/admin/deliveries", "/admin/jobs",
        ] {
            #expect(try house.get(page, as: owner).status == 200, "\(page)")
        }
        #expect(try house.get("/api/v1/consents/verify", as: key).json()["ok"].bool == true)
    }

    @Test(arguments: TestDatabase.engines)
    func `carries a program that was running before it came, and one that starts on it`(_ engine: Engine) throws {
        let house = try TestHost(engine)
        try live(house, order: "1")
        // Another node of the next release has been started.
        try house.host.database.migrate([Self.next(engine)], program: Host.schema)
        try live(house, order: "2")
        // It is stopped, and its numbers are free.
        try house.turns.dispatcher.leave()
        let again = try TestHost(engine) { options in
            options.data = house.host.options.data
            options.database = house.host.options.database
        }
        try live(again, order: "3")
        let added = try house.host.database.read { try $0.count("SELECT count(*) FROM orders WHERE next_release = 7") }
        #expect(added == 3)
    }

    @Test(arguments: TestDatabase.engines)
    func `that this release cannot work on refuses it in a sentence`(_ engine: Engine) throws {
        let house = try TestHost(engine)
        let closing = Migration(
            1001, "close", common: ["UPDATE schema_info SET min_program = \(Host.schema + 1) WHERE id = 1"])
        try house.host.database.migrate(
            [MigrationSeries(name: "host", migrations: [closing])], program: Host.schema + 1)
        let error = #expect(throws: DatabaseError.self) {
            try TestHost(engine) { options in
                options.data = house.host.options.data
                options.database = house.host.options.database
            }
        }
        #expect(error?.kind == .schema)
        #expect(
            error?.message
                == "this program (schema \(Host.schema)) is too old for the database, which needs \(Host.schema + 1) or later"
        )
    }

    @Test(arguments: TestDatabase.engines)
    func `is what a former one becomes before anything else is done on it`(_ engine: Engine) throws {
        let former = MigrationSeries(name: "host", migrations: Array(HostSchema.series.migrations.prefix(2)))
        let place = try TestDatabase(engine, migrating: [former])
        let house = try TestHost(engine) { options in
            switch place.location {
            case .file(let path): options.database = path
            case .server(let address): options.database = address.reveal()
            }
        }
        try live(house, order: "1")
        let steps = try place.database.read { try $0.count("SELECT count(*) FROM migrations WHERE series = 'host'") }
        #expect(steps == HostSchema.series.migrations.count)
    }
}
