import Domain
import Core
import Crypto
import Database
import Glibc
import HTTP
import Messaging
import SQL
import Store

/// What `serve` and `worker` have in common: the data folder, the signals, the house, and its clean end.
struct NodeProcess {
    static let publicURL = Flag("public-url", "URL", "the server's address as the world sees it")
    static let demo = Flag("demo", "with the demo shop at /shop")
    static let safeMode = Flag("safe-mode", "with none but the plugins of the core")
    static let flags: [Flag] = [publicURL, demo, safeMode, .instance, .keyFile, .resources]

    private let call: Invocation
    private let options: HostOptions

    init(_ call: Invocation, _ options: HostOptions) {
        self.call = call
        self.options = options
    }

    /// What `flags` say.
    static func options(_ call: Invocation) throws(UsageError) -> HostOptions {
        var options = HostOptions(call)
        if let text = call[publicURL] {
            guard let url = WebAddress(text) else { throw call.wrong("--public-url wants an http or https address") }
            options.publicURL = url.text
        }
        options.demo = call.has(demo)
        options.safeMode = call.has(safeMode)
        return options
    }

    /// - Parameter body: starts what it is there for, calls `untilStopped`, which returns when the process is told to
    ///   stop, and takes no more in. What is in flight is finished after it.
    func run(_ body: (Application, _ untilStopped: () -> Void) throws -> Void) throws {
        let signals = StopSignals()
        signal(SIGPIPE, SIG_IGN)
        // A file at the size that the system allows is a full disk to us, no reason to die.
        signal(SIGXFSZ, SIG_IGN)
        umask(0o077)
        try DataFolder.make(options.data)
        // Held until the last file is closed; on PostgreSQL there may be several.
        let lock = try options.databaseFolder.map { try DataFolderLock(folder: $0, role: options.role.word) }
        try withExtendedLifetime(lock) {
            try withApplication { application in try body(application) { signals.wait() } }
        }
    }

    private func withApplication(_ body: (Application) throws -> Void) throws {
        let resources = try Resources.find(options.resources)
        let client = try CurlClient(version: Version.text, clock: call.clock)
        let host = try Host(
            options, plugins: call.plugins, resources: resources, client: client, clock: call.clock, log: call.log)
        let application = try Application(host, resources: resources)
        // On PostgreSQL each process finds changes by itself.
        let control = try options.databaseFolder.map { _ in
            try ControlSocket(path: options.controlSocket, log: call.log) {
                try application.refresh()
                return host.keyring.sealer.current.id
            }
        }
        defer { control?.stop() }
        warn(host)
        try body(application)
        application.stopWork { client.close() }
        host.database.close()
    }

    private func warn(_ host: Host) {
        if host.database.engine == .sqlite, !options.workers {
            host.log.warning(
                "nothing is sent and no job runs: on a SQLite file no other process can work while this one serves")
        }
        if !options.serves, host.site.publicURL.isEmpty {
            host.log.warning(
                "links in messages lead nowhere: set server.public_url, or give --public-url as to the server")
        }
    }
}

extension Node.Role {
    /// The command that it runs.
    fileprivate var word: String { self == .worker ? "worker" : "serve" }
}

extension HostOptions {
    /// The folder of the SQLite file, which one process at a time works on; nil on PostgreSQL.
    fileprivate var databaseFolder: String? {
        get throws(DatabaseError) { try DatabaseLocation(parsing: databaseLocation).folder }
    }
}
