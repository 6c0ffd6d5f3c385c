import Assets
import Core
package import HTTP
import Localization
import PluginKit
import Templating

/// The program as a server: the host, its pages and its front door.
package final class Application: Sendable {
    package let host: Host
    package let renderer: PageRenderer
    package let frontDoor: FrontDoor
    private let routes: Routes

    /// Compiles every page and checks every word; a mistake in one stops the start with file, line and column.
    package init(_ host: Host, resources: Resources) throws {
        self.host = host
        let words = LocalWords(host.catalog.words(for: "en"), zone: .utc)
        let library = TemplateLibrary(
            folders: [resources.templates], overrides: host.options.data + "/templates", words: words,
            asset: { [assets = host.assets] name in assets.url(name) })
        let plugins = host.plugins
        renderer = PageRenderer(host, library: library) { Menu.entries + plugins.active.flatMap(\.declaration.menu) }
        try host.activatePlugins(pages: renderer)
        routes = try Routes(host, renderer)
        let proxies = try host.options.trustedProxies.map { text throws -> AddressRange in
            guard let range = AddressRange(text) else {
                throw FolderError(description: "--trusted-proxies: \(text) is not an address or range (10.0.0.0/8)")
            }
            return range
        }
        frontDoor = FrontDoor(
            host, proxies: TrustedProxies(proxies), errors: try ErrorResponses(renderer, log: host.log),
            statics: StaticFiles(host.assets), routes: try Router(routes.all))
    }

    /// Every route with who may use it, as `cartwright routes` lists them.
    package var allRoutes: [Route] { routes.all }

    /// Makes plugins come and go as the database says now, with their routes and jobs.
    package func reloadPlugins() throws {
        try host.activatePlugins(pages: renderer)
        frontDoor.replaceRoutes(try Router(routes.all))
    }

    /// Starts the background work (unless another process does it) and the server.
    /// - Returns: the running server and its port.
    package func start(address: String, port: UInt16) throws -> (server: Server, port: UInt16) {
        let server = try Server(
            Server.Configuration(address: address, port: port, clock: host.clock), frontDoor.dispatch)
        routes.health.watch(server)
        if host.options.workers { try BackgroundWork(host).start() }
        return (server, try server.start())
    }
}
