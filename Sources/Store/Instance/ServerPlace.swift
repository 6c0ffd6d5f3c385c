package import SQL

/// The place of a PostgreSQL database: what a dump that is read back elsewhere, or again, does not have.
package enum ServerPlace {
    package static func read(in tx: any ReadTransaction) throws -> InstancePlace {
        var place = InstancePlace([.engine: Engine.postgresql.rawValue])
        place[.database] = try tx.first("SELECT CAST(current_database() AS TEXT)")?.text(0)
        place[.databaseNumber] = try number(
            "SELECT CAST(oid AS BIGINT) FROM pg_database WHERE datname = current_database()", in: tx)
        place[.tableNumber] = try number(
            "SELECT CAST(oid AS BIGINT) FROM pg_class WHERE oid = to_regclass('instance')", in: tx)
        if try tx.count(hasSystemNumber) == 1 { place[.system] = try number(systemNumber, in: tx) }
        return place
    }

    private static func number(_ query: Query, in tx: any ReadTransaction) throws -> String? {
        try tx.first(query)?.integerOrNil(0).map { String($0) }
    }

    // A pair: CockroachDB has no such function, hosted servers may not let it be called, and on YugabyteDB each node
    // gives a number of its own.
    private static let hasSystemNumber: Query = """
        SELECT count(*) FROM pg_proc
        WHERE proname = 'pg_control_system' AND version() NOT LIKE '%-YB-%'
            AND has_function_privilege(oid, 'execute')
        """
    private static let systemNumber: Query = "SELECT system_identifier FROM pg_control_system()"
}
