import Core
import Crypto
import Database
import Domain
import Glibc
import HTTP
import PluginKit
import SQL
import Store

/// `cartwright serve`: the HTTP server and the background work, until it is told to stop.
enum ServeCommand {
    private static let listen = Flag("listen", "ADDRESS:PORT", "where to listen; port 0 takes any [127.0.0.1:8080]")
    private static let trustedProxies = Flag("trusted-proxies", "CIDR,…", "whose word on the client's address counts")
    private static let noWorkers = Flag("no-workers", "answers requests alone; another process does the work")
    private static let logRequests = Flag("log-requests", "writes a log line for each request")

    static let command = Command(
        "serve", "Runs the server",
        flags: [listen, trustedProxies, noWorkers, logRequests] + NodeProcess.flags,
        begins: true
    ) { call in
        let (options, address) = try read(call)
        try NodeProcess(call, options).run { application, untilStopped in
            let (server, port) = try application.start(address: address.host, port: address.port)
            try call.print("listening on " + ListenAddress(host: address.host, port: port).url)
            if let link = try startLink(application.host) { try call.print("set up at " + link) }
            untilStopped()
            server.stop()
        }
    }

    private static func read(_ call: Invocation) throws(UsageError) -> (HostOptions, ListenAddress) {
        var options = try NodeProcess.options(call)
        if let text = call[listen] { options.listen = text }
        guard let address = ListenAddress(options.listen) else {
            throw call.wrong("--listen wants an address and a port, such as 127.0.0.1:8080 or [::]:8080")
        }
        options.trustedProxies = (call[trustedProxies] ?? "").split(separator: ",").map(\.trimmingSpaces)
        if let bad = options.trustedProxies.first(where: { AddressBlock($0) == nil }) {
            throw call.wrong("--trusted-proxies: \(bad) is not an address or a range such as 10.0.0.0/8")
        }
        options.workers = !call.has(noWorkers)
        options.logRequests = call.has(logRequests)
        return (options, address)
    }

    /// A link to the first owner's account, while nobody has one.
    private static func startLink(_ host: Host) throws -> String? {
        let token = Token.make()
        let now = host.clock.now()
        let isOpen = try host.database.write { tx in
            guard try UsersTable.isEmpty(in: tx) else { return false }
            try StartLinksTable.add(tokenHash: token.hash, at: now, in: tx)
            return true
        }
        return isOpen ? "\(host.site.publicURL)/admin/start?token=\(token.reveal())" : nil
    }
}
