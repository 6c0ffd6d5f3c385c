import Database
import Domain
import SQL
import Store
import TestSupport
import Testing

@Suite struct PersonalDataTests {
    @Test(arguments: TestDatabase.engines)
    func `every table with texts or bytes is declared as personal, or named as impersonal`(_ engine: Engine) throws {
        let host = try Host(engine)
        let ofEngine: Query = engine.choose(
            sqlite: """
                SELECT DISTINCT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON TRUE
                WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND c.type IN ('TEXT', 'BLOB')
                """,
            postgresql: """
                SELECT DISTINCT CAST(table_name AS TEXT) FROM information_schema.columns
                WHERE table_schema = current_schema() AND data_type IN ('text', 'bytea')
                """)
        let ownSeries = try TestDatabase(engine, migrating: [MigrationSeries(name: "host", migrations: [])])
        func tables(_ database: Database) throws -> Set<String> {
            try Set(database.read { tx in try tx.rows(ofEngine).map { try $0.text(0) } })
        }
        // What stands in a database without the host's series is the migration runner's own.
        let tables = try tables(host.database).subtracting(tables(ownSeries.database))
        let declared = Set(PersonalData.ofHost.map(\.table))
        #expect(tables == declared.union(PersonalData.impersonalHostTables))
        #expect(declared.isDisjoint(with: PersonalData.impersonalHostTables))
    }
}
