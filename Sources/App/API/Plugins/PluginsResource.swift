import Core
import Database
import HTTP
import Localization
import PluginKit
import SQL
import Store
import Templating
import Text

/// `plugins`: what is on board, and what of it works.
struct PluginsResource: APIResource {
    let host: Host
    /// Puts to work what the database says of plugins now.
    let reload: @Sendable () throws -> Void

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/plugins", .scope(.admin), "listPlugins", "The plugins on board, by id.",
                query: ListQuery.parameters, gives: [.list(of: "Plugin")], handler: list),
            Endpoint(
                .get, "/plugins/{plugin}", .scope(.admin), "getPlugin", "One plugin.",
                gives: [.done(.reference("Plugin"))], handler: one),
            Endpoint(
                .post, "/plugins/{plugin}/activate", .scope(.admin), "activatePlugin", "Puts a plugin to work.",
                gives: [.done(.reference("Plugin"))]
            ) { request, context in try set(active: true, request, context) },
            Endpoint(
                .post, "/plugins/{plugin}/deactivate", .scope(.admin), "deactivatePlugin",
                "Takes a plugin out of work; what it has kept stays.", gives: [.done(.reference("Plugin"))]
            ) { request, context in try set(active: false, request, context) },
        ]
    }

    private func list(_ request: Request, _ context: Context) throws -> Response {
        let query = try ListQuery(request)
        try query.finish()
        let choice = try host.database.read { tx in try chosen(in: tx) }
        let all = host.plugins.all.map(\.declaration).sorted { $0.id < $1.id }
        // A plugin's place is its name.
        let page = Page(of: all, query.page) { Cursor(key: $0.id, id: ID(1)) }
        return page.response { plugin, json in
            PluginJSON.write(plugin, isOn: choice.isOn(plugin), problem: problem(of: plugin), &json)
        }
    }

    private func one(_ request: Request, _ context: Context) throws -> Response {
        let plugin = try declaration(context)
        let choice = try host.database.read { tx in try chosen(in: tx) }
        return .json(PluginJSON.bytes(plugin, isOn: choice.isOn(plugin), problem: problem(of: plugin)))
    }

    /// What the plugin came to when it was put to work is told by GET: the answer belongs to the transaction.
    private func set(active: Bool, _ request: Request, _ context: Context) throws -> Response {
        let plugin = try declaration(context)
        let response = try Posting(host: host).respond(request, context) {
            let switching = PluginSwitching(plugins: host.plugins.all)
            let (actor, now) = (context.actor, host.clock.now())
            return { tx in
                do {
                    try switching.set(plugin, isActive: active, by: actor, at: now, in: tx)
                } catch let forbidden as PluginSwitching.Forbidden {
                    return .failure(Refusal(409, forbidden.description))
                }
                let isOn = try chosen(in: tx).isOn(plugin)
                return .success(APIAnswer(200, body: PluginJSON.bytes(plugin, isOn: isOn, problem: nil)))
            }
        }
        try reload()
        return response
    }

    /// Why it does not work although it is to, in words.
    private func problem(of plugin: PluginDeclaration) -> String? {
        guard case .failed(let problem) = host.plugins.standing(plugin.id) else { return nil }
        return LocalWords(host.catalog.words(for: "en"), zone: .utc).text(problem.word)
    }

    private func chosen(in tx: any ReadTransaction) throws -> PluginChoice {
        PluginChoice(entries: try PluginsTable.all(in: tx), coreOnly: host.options.safeMode, demo: host.options.demo)
    }

    private func declaration(_ context: Context) throws -> PluginDeclaration {
        guard let found = host.plugins.all.map(\.declaration).first(where: { $0.id == context.parameters["plugin"] })
        else { throw Refusal.notFound }
        return found
    }
}

/// A plugin as the API writes it.
enum PluginJSON {
    static let schema = Schema.object([
        .required("id", .text), .required("name", .text), .required("version", .text), .required("author", .text),
        .required("core", .flag), .required("active", .flag), .required("problem", .nullable(.text)),
        .required("hosts", .list(.text)),
    ])

    static func bytes(_ plugin: PluginDeclaration, isOn: Bool, problem: String?) -> [UInt8] {
        JSONWriter.object { json in write(plugin, isOn: isOn, problem: problem, &json) }
    }

    /// - Parameters:
    ///   - isOn: whether it is to work.
    ///   - problem: why it does not.
    static func write(
        _ plugin: PluginDeclaration, isOn: Bool, problem: String?, _ json: inout JSONWriter
    ) {
        json.field("id", plugin.id)
        json.field("name", plugin.name)
        json.field("version", plugin.version)
        json.field("author", plugin.author)
        json.field("core", plugin.isCore)
        json.field("active", isOn)
        if let problem { json.field("problem", problem) } else { json.null("problem") }
        json.field(
            "hosts",
            plugin.hosts.map { host in
                switch host.address {
                case .host(let name): name
                case .setting(let key): key
                }
            })
    }
}
