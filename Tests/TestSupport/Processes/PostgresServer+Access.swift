package import Core
package import Database
import Glibc

/// Who may reach a server of a test's own, and how.
extension PostgresServer {
    /// Opens a database of the server's, as any program would.
    package func database(at address: String? = nil, log: Log = TestDatabase.quiet) throws -> Database {
        try Database(DatabaseLocation(parsing: address ?? self.address), clock: SystemClock(), log: log)
    }

    /// Runs statements as the superuser, each by itself.
    package func administer(_ statements: String...) throws {
        for statement in statements {
            let child = try Self.child(
                "psql", ["-XAtqc", statement, address], errors: folder.file("psql.log"))
            guard try child.ending() == .exited(0) else { throw ProcessFailure("psql: \(folder.text("psql.log"))") }
        }
    }

    /// What `psql`, a program of another kind than ours, is answered.
    package func ask(_ sql: String, at address: String) throws -> String {
        let child = try Self.child("psql", ["-XAtc", sql, address], errors: folder.file("psql.log"))
        return String(decoding: try child.rest().dropLast(), as: UTF8.self)
    }

    /// Runs programs of PostgreSQL's that need no transaction around what they do, such as `createdb`.
    package func run(_ program: String, _ arguments: [String]) throws {
        let errors = folder.file("\(program).log")
        let child = try Self.child(
            program, ["-h", folder.path, "-U", "postgres"] + arguments, errors: errors)
        guard try child.ending() == .exited(0) else {
            throw ProcessFailure("\(program): \(folder.text("\(program).log"))")
        }
    }

    /// The superuser keeps the socket's trust; everybody else needs a password, and over TCP everybody.
    package func demandPasswords() throws {
        try overwrite(
            "data/pg_hba.conf",
            "local all postgres trust\nlocal all all scram-sha-256\nhost all all all scram-sha-256\n")
        try administer("SELECT pg_reload_conf()")
    }

    /// Lets it speak TLS with a certificate of its own making for the name `localhost`.
    /// - Returns: the path of the certificate.
    package func speakTLS() throws -> String {
        let (key, certificate) = (folder.file("data/server.key"), folder.file("data/server.crt"))
        let making = try ChildProcess(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                certificate,
            ], errors: folder.file("openssl.log"))
        guard try making.ending() == .exited(0) else { throw ProcessFailure(folder.text("openssl.log")) }
        if let account = Self.account {
            for file in [key, certificate] { _ = chown(file, account.user, account.group) }
        }
        try administer("ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()")
        return certificate
    }

    /// From now on it follows a primary (that there is none does not matter) and can only be read.
    package func turnIntoStandby() throws {
        try stop()
        try folder.write("data/standby.signal", [])
        if let account = Self.account { _ = chown(folder.file("data/standby.signal"), account.user, account.group) }
        try start()
    }

    /// A port of this machine that nobody listens on at this moment.
    package static func freePort() throws -> Int {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(file) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, size) == 0 ? getsockname(file, $0, &size) : -1
            }
        }
        guard status == 0 else { throw ProcessFailure("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Writes into a file that belongs to the server's account already.
    private func overwrite(_ name: String, _ text: String) throws {
        let path = folder.file(name)
        let file = Glibc.open(path, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard file >= 0 else { throw ProcessFailure("cannot write \(path)") }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard write(file, bytes, bytes.count) == bytes.count else { throw ProcessFailure("cannot write \(path)") }
    }
}
