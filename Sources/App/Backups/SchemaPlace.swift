import Core
import Database
import Glibc
import HTTP
import SQL
import Store

/// A PostgreSQL database: the new tables are made in a schema `<name>_restoring` and change places with the old ones in
/// one transaction; the old ones stay in `<name>_before_restore`. Tables move, schemas stay: extensions, rights and
/// what others keep in the schema are left alone. One restore at a time holds the lease of the new schema.
struct SchemaPlace: RestorePlace {
    let location: DatabaseLocation
    /// Names of all tables that this program and its plugins may have.
    let known: Set<String>
    let clock: any Clock
    let log: Log
    /// The schema of the connection.
    private let schema: String
    private let lease: RestoreLease

    init(_ location: DatabaseLocation, known: Set<String>, clock: any Clock, log: Log) throws {
        self.location = location
        self.known = known.union(MigrationSeries.bookkeeping).union([Database.copyNotes])
        self.clock = clock
        self.log = log
        let database = try Database(location, clock: clock, log: log)
        do {
            let name = try database.read { try $0.first("SELECT CAST(current_schema() AS TEXT)")?.textOrNil(0) }
            guard let name else {
                throw BackupError("the database has no schema to restore into: create the one that search_path names")
            }
            schema = name
            lease = try RestoreLease(of: Self.quoted(name + Self.suffix), in: database)
        } catch {
            database.close()
            throw error
        }
    }

    private static let suffix = "_restoring"

    private var staged: String { schema + Self.suffix }
    private var former: String { schema + "_before_restore" }

    func open() throws -> Database? {
        let database = try Database(location, clock: clock, log: log)
        if try database.hasTable("migrations") { return database }
        database.close()
        return nil
    }

    func stage() throws -> Database {
        try lease.clear()
        return try Database(location.inSchema(staged), clock: clock, log: log)
    }

    func replace() throws -> String? {
        let database = try Database(location, clock: clock, log: log)
        defer { database.close() }
        let (schema, staged, former, known, lease) = (self.schema, self.staged, self.former, self.known, self.lease)
        let hadTables = try database.load { tx in
            try lease.prove(in: tx)
            let old = try Self.tables(of: schema, in: tx).filter(known.contains)
            // A node that came to life meanwhile works on the old tables.
            if old.contains("nodes"), let node = try NodesTable.alive(in: tx).first {
                throw BackupError("\(node.name) has started to work on this database: stop it and try again")
            }
            let new = try Self.tables(of: staged, in: tx).filter { $0 != RestoreLease.table }
            var steps = ["DROP SCHEMA IF EXISTS \(Self.quoted(former)) CASCADE"]
            if !old.isEmpty { steps.append("CREATE SCHEMA \(Self.quoted(former))") }
            steps += old.map { Self.move($0, from: schema, to: former) }
            steps += new.map { Self.move($0, from: staged, to: schema) }
            steps.append("DROP SCHEMA \(Self.quoted(staged)) CASCADE")
            for step in steps { try tx.run(Query(stringLiteral: step)) }
            return !old.isEmpty
        }
        guard hadTables else { return nil }
        return "the former tables are kept in the schema \(former): when you no longer need them, "
            + "DROP SCHEMA \(Self.quoted(former)) CASCADE"
    }

    func discard() { lease.end() }

    private static func tables(of schema: String, in tx: any ReadTransaction) throws -> [String] {
        try tx.rows(
            "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE CAST(schemaname AS TEXT) = \(schema) ORDER BY 1"
        ).map { try $0.text(0) }
    }

    private static func move(_ table: String, from: String, to: String) -> String {
        "ALTER TABLE \(quoted(from)).\(quoted(table)) SET SCHEMA \(quoted(to))"
    }

    private static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
}

extension DatabaseLocation {
    /// The same server and database, seen from one schema alone.
    func inSchema(_ name: String) throws -> DatabaseLocation {
        guard case .server(let secret) = self else { return self }
        let setting = "-csearch_path%3D" + URLEncoding.encode("\"" + name.replacing("\"", with: "\"\"") + "\"")
        var (address, options) = (secret.reveal(), "options=")
        // What is set later counts; other options stay.
        if let range = address.firstRange(of: options) {
            let end = address[range.upperBound...].firstIndex(of: "&") ?? address.endIndex
            address.insert(contentsOf: "%20" + setting, at: end)
        } else {
            options += setting
            address += (address.contains("?") ? "&" : "?") + options
        }
        return try DatabaseLocation(parsing: address)
    }
}
