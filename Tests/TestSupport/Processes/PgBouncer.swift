import Core
import Glibc

/// PgBouncer before a server of a test's own, lending a server connection for one transaction at a time.
package final class PgBouncer: Sendable {
    /// Its address, without `pgbouncer=true`.
    package let address: String
    private let folder: TemporaryFolder
    private let process: ChildProcess

    /// - Parameter connections: how many it holds to the server, for all clients together.
    package init(before server: PostgresServer, connections: Int) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        address = "postgresql://postgres@/postgres?host=\(folder.path)&port=6432"
        try folder.write("users.txt", "\"postgres\" \"\"\n")
        try folder.write(
            "pgbouncer.ini",
            """
            [databases]
            * = host=\(server.folder.path) port=5432
            [pgbouncer]
            listen_addr =
            unix_socket_dir = \(folder.path)
            unix_socket_mode = 0777
            auth_type = trust
            auth_file = \(folder.path)/users.txt
            pool_mode = transaction
            default_pool_size = \(connections)
            max_client_conn = 200

            """)
        if let account = PostgresServer.account {
            for name in ["", "/users.txt", "/pgbouncer.ini"] {
                _ = chown(folder.path + name, account.user, account.group)
            }
        }
        process = try PostgresServer.child(
            "/usr/sbin/pgbouncer", ["\(folder.path)/pgbouncer.ini"], errors: folder.file("pgbouncer.log"))
        try awaitSocket()
    }

    private func awaitSocket() throws {
        let end = SystemClock().sinceBoot() + .seconds(30)
        let never = Monitor(())
        while access(folder.file(".s.PGSQL.6432"), F_OK) != 0 {
            guard SystemClock().sinceBoot() < end else {
                throw ProcessFailure("PgBouncer did not start: \(folder.text("pgbouncer.log"))")
            }
            _ = never.wait(atMost: .milliseconds(20)) { _ in Void?.none }
        }
    }
}
