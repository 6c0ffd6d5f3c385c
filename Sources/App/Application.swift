import Crypto
import Assets
import Core
import Database
package import HTTP
import Localization
import PluginKit
import SQL
import Store
import Synchronization
import Templating

/// The program as a server: the host, its pages and its front door.
package final class Application: Sendable {
    package let host: Host
    package let renderer: PageRenderer
    package let frontDoor: FrontDoor
    private let routes: Routes
    /// The revision of the plugins' table that the active ones stand for; held while they change.
    private let pluginRevision: Mutex<Int>
    /// To the wake-ups of other nodes.
    private let listening = Mutex<ListenHandle?>(nil)

    /// Compiles every page and checks every word; a mistake in one stops the start with file, line and column.
    package init(_ host: Host, resources: Resources) throws {
        self.host = host
        let words = LocalWords(host.catalog.words(for: "en"), zone: .utc)
        let library = TemplateLibrary(
            folders: [resources.templates], overrides: host.options.data + "/templates",
            sources: PluginHost.templates(host.plugins.all), words: words,
            asset: { [assets = host.assets] name in assets.url(name) })
        let plugins = host.plugins
        renderer = PageRenderer(host, library: library) { Menu.entries + plugins.active.flatMap(\.declaration.menu) }
        pluginRevision = Mutex(try Self.pluginRevision(host))
        try host.activatePlugins(pages: renderer)
        let refreshing = LateAction()
        routes = try Routes(host, renderer) { try refreshing.run() }
        let proxies = try host.options.trustedProxies.map { text throws -> AddressBlock in
            guard let range = AddressBlock(text) else {
                throw FolderError(description: "--trusted-proxies: \(text) is not an address or range (10.0.0.0/8)")
            }
            return range
        }
        frontDoor = FrontDoor(
            host, proxies: TrustedProxies(proxies), errors: try ErrorResponses(renderer, log: host.log),
            confirmations: try Confirmations(host, renderer), statics: StaticFiles(host.assets),
            routes: try Router(routes.all))
        refreshing.set { [weak self] in try self?.refresh() }
    }

    /// Every route with who may use it, as `cartwright routes` lists them.
    package var allRoutes: [Route] { routes.all }

    /// Makes plugins come and go as the database says now, with their routes and jobs.
    package func reloadPlugins() throws {
        try host.activatePlugins(pages: renderer)
        frontDoor.replaceRoutes(try Router(routes.all))
        if host.options.workers { try BackgroundTurns(host).declareJobs() }
    }

    /// Takes over what a command or another process has changed: master keys, settings, and which plugins are active. People and
    /// API keys are asked for anew with each request.
    package func refresh() throws {
        // First, because what was sealed with a new key is read below.
        if try host.keyring.refresh() {
            try host.settings.reload()
            // Whoever rotates the keys waits for it.
            try NodeBeat(host).beat()
        }
        try host.settings.refresh()
        try host.instance.refresh()
        try pluginRevision.withLock { known in
            let revision = try Self.pluginRevision(host)
            guard revision != known else { return }
            try reloadPlugins()
            known = revision
        }
    }

    private static func pluginRevision(_ host: Host) throws -> Int {
        try host.database.read { tx in try RevisionsTable.all(in: tx)[.plugins] ?? 0 }
    }

    /// Starts the server, and the background work unless another process does it.
    /// - Returns: the running server and its port.
    package func start(address: String, port: UInt16) throws -> (server: Server, port: UInt16) {
        let server = try Server(
            Server.Configuration(address: address, port: port, clock: host.clock), frontDoor.dispatch)
        routes.health.watch(server)
        func listens(on port: UInt16) { host.listens(at: ListenAddress(host: address, port: port).localURL) }
        // Before the first request where the port is known, else with the first.
        if port != 0 { listens(on: port) }
        let port = try server.start()
        listens(on: port)
        try startWork()
        return (server, port)
    }

    /// Starts the background work, unless another process does it, and what keeps this process in step with others.
    package func startWork() throws {
        let beat = NodeBeat(host)
        try beat.begin()
        try host.recogniseInstance()
        let work = BackgroundWork(host)
        if host.options.workers { try work.prepare() } else { work.prepareForPages() }
        func loop(_ name: String, every span: Timestamp.Span, _ turn: @escaping @Sendable () throws -> Void) {
            host.workforce.add(
                WorkLoop(name, clock: host.clock, log: host.log, longestSleep: span) {
                    try turn()
                    return nil
                })
        }
        loop("changes", every: .seconds(1)) { [self] in
            try refresh()
            try frontDoor.writeCounts()
        }
        let writing = WorkLoop("writing", clock: host.clock, log: host.log, longestSleep: .seconds(30)) { [host] in
            host.writing.look(telling: host)
        }
        host.workforce.add(writing)
        host.writing.onTrouble { writing.wake() }
        loop("node", every: NodeBeat.interval) { try beat.beat() }
        if !host.options.workers {
            loop("workers", every: .seconds(20)) { [host] in try WorkersWatch(host).look() }
        }
        try host.wakes.start()
        try host.workforce.start()
        guard host.options.workers else { return }
        let handle = host.database.listen { [wakes = host.wakes] topic in wakes.heard(topic) }
        listening.withLock { $0 = handle }
    }

    /// Lets every thread of `startWork` finish what it is at, and tells the others that this process has left.
    /// - Parameter letIn: waits for the answers to what was sent.
    package func stopWork(_ letIn: () -> Void) {
        listening.withLock { $0.take() }?.stop()
        host.workforce.stop(letIn)
        // What was counted since the last look.
        try? frontDoor.writeCounts()
        NodeBeat(host).leave()
    }
}
