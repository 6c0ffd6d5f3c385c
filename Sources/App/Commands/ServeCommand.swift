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
    private static let publicURL = Flag("public-url", "URL", "the server's address as the world sees it")
    private static let trustedProxies = Flag("trusted-proxies", "CIDR,…", "whose word on the client's address counts")
    private static let demo = Flag("demo", "with the demo shop at /shop")
    private static let noWorkers = Flag("no-workers", "answers requests alone; another process does the work")
    private static let safeMode = Flag("safe-mode", "with none but the plugins of the core")
    private static let logRequests = Flag("log-requests", "writes a log line for each request")

    static let command = Command(
        "serve", "Runs the server",
        flags: [listen, publicURL, trustedProxies, demo, noWorkers, safeMode, logRequests, .keyFile, .resources]
    ) { call in
        let (options, address) = try read(call)
        let signals = StopSignals()
        signal(SIGPIPE, SIG_IGN)
        umask(0o077)
        try DataFolder.make(options.data)
        // Held until the last file is closed; on PostgreSQL several may serve.
        let lock = try options.databaseFolder.map { try DataFolderLock(folder: $0, role: "serve") }
        try withExtendedLifetime(lock) {
            try serve(call, options, address, until: { signals.wait() })
        }
    }

    private static func read(_ call: Invocation) throws(UsageError) -> (HostOptions, ListenAddress) {
        var options = HostOptions(call)
        if let text = call[listen] { options.listen = text }
        guard let address = ListenAddress(options.listen) else {
            throw call.wrong("--listen wants an address and a port, such as 127.0.0.1:8080 or [::]:8080")
        }
        if let text = call[publicURL] {
            guard let url = WebAddress(text) else { throw call.wrong("--public-url wants an http or https address") }
            options.publicURL = url.text
        }
        options.trustedProxies = (call[trustedProxies] ?? "").split(separator: ",").map(\.trimmingSpaces)
        if let bad = options.trustedProxies.first(where: { AddressBlock($0) == nil }) {
            throw call.wrong("--trusted-proxies: \(bad) is not an address or a range such as 10.0.0.0/8")
        }
        options.demo = call.has(demo)
        options.workers = !call.has(noWorkers)
        options.safeMode = call.has(safeMode)
        options.logRequests = call.has(logRequests)
        return (options, address)
    }

    private static func serve(
        _ call: Invocation, _ options: HostOptions, _ address: ListenAddress, until stopAsked: () -> Void
    ) throws {
        let resources = try Resources.find(options.resources)
        let client = try CurlClient(version: Version.text, clock: call.clock)
        let host = try Host(
            options, plugins: call.plugins, resources: resources, client: client, clock: call.clock, log: call.log)
        let application = try Application(host, resources: resources)
        let (server, port) = try application.start(address: address.host, port: address.port)
        // Where several serve, on PostgreSQL, each finds changes by itself.
        let control = try options.databaseFolder.map { _ in
            try ControlSocket(path: options.controlSocket, log: call.log) {
                try application.refresh()
                return host.keyring.sealer.current.id
            }
        }
        try call.print("listening on " + ListenAddress(host: address.host, port: port).url)
        if let link = try startLink(host) { try call.print("set up at " + link) }
        stopAsked()
        control?.stop()
        server.stop()
        host.workforce.stop { client.close() }
        host.database.close()
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

extension HostOptions {
    /// The folder of the SQLite file, which one server at a time works on; nil on PostgreSQL.
    fileprivate var databaseFolder: String? {
        get throws {
            guard case .file(let path) = try DatabaseLocation(parsing: databaseLocation) else { return nil }
            guard let slash = path.lastIndex(of: "/") else { return "." }
            return slash == path.startIndex ? "/" : String(path[..<slash])
        }
    }
}
