import Core
import Database
import Glibc
import SQL
import Synchronization
import TestSupport
import Testing

/// What stands in the way of a start is said in one line that tells what to do.
@Suite(.enabled(if: TestDatabase.engines.contains(.postgresql)))
struct PostgreSQLStartTests {
    private func refusal(_ server: PostgresServer, _ address: String) -> String? {
        let error = #expect(throws: DatabaseError.self) { try server.database(at: address).close() }
        #expect(error?.description.contains("\n") == false)
        #expect(error?.description.contains("geheim") == false)
        return error?.message
    }

    @Test func `what is wrong with the address is named`() throws {
        let port = try PostgresServer.freePort()
        let server = try PostgresServer(["listen_addresses": "127.0.0.1", "port": "\(port)"])
        let folder = server.folder.path
        let local = "host=\(folder)&port=\(port)"
        try server.administer("CREATE ROLE shop LOGIN PASSWORD 'geheim1'", "CREATE ROLE mute LOGIN")
        #expect(refusal(server, "postgresql://nobody@/postgres?\(local)")?.contains("CREATE ROLE") == true)
        try server.demandPasswords()

        let missing = refusal(server, "postgresql://shop:geheim1@/shop?\(local)")
        #expect(missing?.hasPrefix("the database \"shop\" does not exist: run CREATE DATABASE") == true)
        let wrong = refusal(server, "postgresql://shop:geheim2@/postgres?\(local)")
        #expect(wrong == "PostgreSQL refuses the role \"shop\": its name or its password in the address is wrong")
        #expect(refusal(server, "postgresql://nobody:geheim@/postgres?\(local)")?.contains("role \"nobody\"") == true)
        let none = refusal(server, "postgresql://shop@/postgres?\(local)")
        #expect(none?.hasPrefix("PostgreSQL asks for a password") == true)
        let host = refusal(server, "postgresql://shop:geheim1@no-such-host.invalid/postgres")
        #expect(host?.hasPrefix("the host of the PostgreSQL address is not known") == true)
        let away = refusal(server, "postgresql://shop:geheim1@127.0.0.1:1/postgres")
        #expect(away?.hasPrefix("no PostgreSQL server answers at 127.0.0.1:1: start it") == true)
        for wrong in ["sslmode=bogus", "target_session_attrs=bogus", "service=bogus", "channel_binding=bogus"] {
            let words = refusal(server, "postgresql://shop:geheim1@127.0.0.1:\(port)/postgres?\(wrong)")
            #expect(words?.hasPrefix("a parameter of the PostgreSQL address is wrong") == true, "\(words ?? "")")
            #expect(words?.contains("bogus") == true)
        }
        let socket = refusal(server, "postgresql://shop:geheim1@/postgres?host=\(folder)/nowhere")
        #expect(socket?.hasPrefix("no PostgreSQL server answers in \(folder)/nowhere") == true)
        let plain = refusal(server, "postgresql://shop:geheim1@127.0.0.1:\(port)/postgres?sslmode=require")
        #expect(plain?.contains("speaks no TLS") == true)
        try server.database(at: "postgresql://shop:geheim1@127.0.0.1:\(port)/postgres").close()
    }

    @Test func `a database that we cannot work on is refused`() throws {
        let server = try PostgresServer()
        try server.run("createdb", ["--encoding", "SQL_ASCII", "--template", "template0", "bytes"])
        try server.run("createdb", ["readonly"])
        try server.administer("ALTER DATABASE readonly SET default_transaction_read_only = on")
        let folder = server.folder.path
        let encoding = refusal(server, "postgresql://postgres@/bytes?host=\(folder)")
        #expect(encoding?.hasPrefix("the database has the encoding SQL_ASCII: make one with") == true)
        let readOnly = refusal(server, "postgresql://postgres@/readonly?host=\(folder)")
        #expect(readOnly?.hasPrefix("the database can only be read") == true)
    }

    @Test func `a role that may not create tables or extensions is told what to run`() throws {
        let server = try PostgresServer()
        try server.administer("CREATE ROLE shop LOGIN")
        let database = try server.database(at: "postgresql://shop@/postgres?host=\(server.folder.path)")
        defer { database.close() }
        let tables = #expect(throws: DatabaseError.self) { try database.migrate([Counters.series], program: 1) }
        #expect(tables?.message.contains("GRANT USAGE, CREATE ON SCHEMA \"public\" TO \"shop\"") == true)
        try server.administer("GRANT USAGE, CREATE ON SCHEMA public TO shop")
        try database.migrate([Counters.series], program: 1)

        let lost = try server.database(
            at: "postgresql://shop@/postgres?host=\(server.folder.path)&options=-csearch_path%3Dnothere%2Cneither")
        defer { lost.close() }
        let nowhere = #expect(throws: DatabaseError.self) { try lost.migrate([Counters.series], program: 1) }
        #expect(nowhere?.message.contains("CREATE SCHEMA \"nothere\" AUTHORIZATION \"shop\"") == true)

        let created = #expect(throws: DatabaseError.self) { try database.requireExtension("pg_stat_statements") }
        #expect(created?.message.contains("run CREATE EXTENSION pg_stat_statements; once") == true)
        let unknown = #expect(throws: DatabaseError.self) { try database.requireExtension("no_such_thing") }
        #expect(unknown?.message.contains("run CREATE EXTENSION no_such_thing; once") == true)
        #expect(throws: DatabaseError.self) { try database.requireExtension("x; DROP TABLE counters") }
        // One that a superuser has made is fine, and a trusted one is made by the role where it may.
        try server.administer("CREATE EXTENSION pg_stat_statements", "GRANT CREATE ON DATABASE postgres TO shop")
        try database.requireExtension("pg_stat_statements")
        try database.requireExtension("pg_trgm")
        #expect(try database.read { try $0.count("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'") } == 1)
    }

    @Test func `a server without room is said to be full, and one's own connections go on`() throws {
        let server = try PostgresServer(["max_connections": "6", "superuser_reserved_connections": "0"])
        let database = try server.database(at: server.address + "&pool_size=20")
        defer { database.close() }
        try database.migrate([Counters.series], program: 1)
        // Eight at once, where six find room at most: the others wait for theirs.
        try Concurrently.run(8) { _ in
            for _ in 0..<20 { try Counters.add(1, in: database) }
        }
        #expect(try Counters.value(in: database) == 160)

        let held = (0..<6).map { _ in try? server.database(at: server.address) }
        defer { for database in held { database?.close() } }
        let full = refusal(server, server.address)
        #expect(full?.hasPrefix("PostgreSQL has no connection left: raise its max_connections") == true)
    }

    @Test func `TLS is held to what the address asks for`() throws {
        let port = try PostgresServer.freePort()
        let server = try PostgresServer(["listen_addresses": "127.0.0.1", "port": "\(port)"])
        try server.administer("CREATE ROLE shop LOGIN PASSWORD 'geheim1'")
        try server.demandPasswords()
        let certificate = try server.speakTLS()
        func address(_ rest: String) -> String { "postgresql://shop:geheim1@localhost:\(port)/postgres?\(rest)" }

        let unknown = refusal(server, address("sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt"))
        #expect(unknown?.contains("is not trusted") == true)
        let nowhere = refusal(server, address("sslmode=verify-full&sslrootcert=/nowhere.pem"))
        #expect(nowhere?.contains("names no file") == true)
        let name = refusal(
            server,
            address("sslmode=verify-full&sslrootcert=\(certificate)").replacing("localhost", with: "127.0.0.1"))
        #expect(name?.contains("is not trusted") == true)
        let database = try server.database(at: address("sslmode=verify-full&sslrootcert=\(certificate)"))
        defer { database.close() }
        let isEncrypted = try database.read { tx in
            try tx.count("SELECT count(*) FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl")
        }
        #expect(isEncrypted == 1)
    }

    @Test func `a standby is said to be one`() throws {
        let server = try PostgresServer()
        try server.turnIntoStandby()
        let standby = refusal(server, server.address)
        #expect(standby?.hasPrefix("the PostgreSQL server is a standby that can only be read") == true)
    }
}

/// Addresses are read without a server.
@Suite struct PostgreSQLAddressTests {
    @Test(arguments: [
        ("postgresql://u:geheim@h/d?colour=red", "its parameter colour is not known"),
        ("postgresql://u:geheim@h/d?pool_size=0", "pool_size is a number"),
        ("postgresql://u:geheim@h/d?pool_size=many", "pool_size is a number"),
        ("postgresql://u:geheim@h/d?pgbouncer=yes", "pgbouncer is true or false"),
        ("postgresql://u:geheim@h/d?pgbouncer=true&options=-x", "its options hold only"),
        ("postgresql://u:12?heim@h/d", "% and two digits"),
        ("postgresql://u:geheim@[::1/d", "% and two digits"),
        ("postgresql://u:geheim%zz@h/d", "% and two digits"),
    ])
    func `what cannot be read is said without the password`(_ address: String, _ words: String) throws {
        let location = try DatabaseLocation(parsing: address)
        let error = #expect(throws: DatabaseError.self) {
            try Database(location, clock: SystemClock(), log: TestDatabase.quiet)
        }
        #expect(error?.kind == .misuse)
        #expect(error?.message.contains(words) == true)
        #expect(error?.description.contains("heim") == false)
    }
}
