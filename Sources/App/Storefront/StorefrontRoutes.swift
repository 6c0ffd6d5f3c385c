import HTTP

/// What the world outside may call without signing in: the storefront's script, and customers with their links.
struct StorefrontRoutes: Sendable {
    private let embed: EmbedRoutes
    private let preferences: PreferencesPage

    init(_ host: Host, _ renderer: PageRenderer) throws {
        embed = EmbedRoutes(host)
        preferences = try PreferencesPage(host, renderer)
    }

    var all: [Route] { embed.all + preferences.routes }
}
