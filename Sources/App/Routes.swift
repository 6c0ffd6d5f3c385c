import Core
import HTTP

/// The site: every route of the host, and those that the active plugins bring.
struct Routes: Sendable {
    let health: Health
    private let host: Host
    private let own: [Route]

    /// - Parameter reload: puts to work what the database says of plugins now.
    init(_ host: Host, _ renderer: PageRenderer, reload: @escaping @Sendable () throws -> Void) throws {
        self.host = host
        health = Health(host)
        own =
            try Self.front + health.routes + AdminRoutes(host, renderer, reload: reload).all
            + APIRoutes(host, reload: reload).all
            + StorefrontRoutes(host, renderer).all
    }

    /// Whoever types the bare address wants the admin, and so does who adds a slash.
    private static let front: [Route] = [
        Route(.get, "/", .public, bodyLimit: 0) { _, _ in .redirect(to: "/admin") },
        Route(.get, "/admin/", .public, bodyLimit: 0) { _, _ in .redirect(308, to: "/admin") },
    ]

    var all: [Route] { own + host.plugins.routes }
}
