import Core
import Database
import HTTP
import PluginKit

/// What the program says of itself: `routes`, `hooks`, `version`.
enum InspectCommands {
    static let all = [routes, hooks, version]

    private static let routes = Command(
        "routes", "Lists every route of the server and who may use it", flags: [.json, .keyFile, .resources]
    ) { call in
        let resources = try Resources.find(call[.resources])
        let client = try CurlClient(version: Version.text, clock: call.clock)
        defer { client.close() }
        let host = try Host(
            HostOptions(call), plugins: call.plugins, resources: resources, client: client, clock: call.clock,
            log: call.log)
        defer { host.database.close() }
        let routes = try Application(host, resources: resources).allRoutes
        try call.print(
            Listing(
                columns: ["method", "path", "access"],
                rows: routes.sorted { ($0.path, $0.method.rawValue) < ($1.path, $1.method.rawValue) }.map {
                    [$0.method.rawValue, $0.path, $0.access.name]
                }))
    }

    private static let hooks = Command("hooks", "Lists the hooks that plugins can use", flags: [.json]) { call in
        try call.print(
            Listing(
                columns: ["id", "kind", "value", "when"],
                rows: Hooks.all.map { [$0.id, $0.kind.rawValue, $0.value, $0.when] }))
    }

    private static let version = Command("version", "Prints the version") { call in
        try call.print("cartwright " + Version.text)
    }
}

extension Access {
    /// `public`, or the least role or scope.
    fileprivate var name: String {
        switch self {
        case .public: "public"
        case .role(let role): role.rawValue
        case .scope(let scope): scope.rawValue
        }
    }
}
