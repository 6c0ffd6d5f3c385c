import HTTP

/// The API under `/api/v1`: each resource brings its endpoints, and the document that describes
/// them is drawn from the same values.
struct APIRoutes: Sendable {
    static let prefix = "/api/v1"

    let endpoints: [Endpoint]

    /// - Parameter reload: puts to work what the database says of plugins now.
    init(_ host: Host, reload: @escaping @Sendable () throws -> Void) {
        let resources: [any APIResource] = [
            OrdersResource(host: host), MessagesResource(host: host), TestMessageResource(host: host),
            ContactsResource(host: host), ConsentsResource(host: host), TemplatesResource(host: host),
            ProductsResource(host: host), CouponsResource(host: host),
            DeliveriesResource(host: host), StatisticsResource(host: host), SettingsResource(host: host),
            PluginsResource(host: host, reload: reload),
        ]
        let document = Endpoint(
            .get, "/openapi.json", .public, "getDocument", "This document.", gives: [.done(.object([]))]
        ) { _, _ in .json(APIRoutes(host, reload: reload).document) }
        endpoints = resources.flatMap(\.endpoints) + [document]
    }

    var all: [Route] { endpoints.map(\.route) }

    private var document: [UInt8] { OpenAPIDocument(endpoints: endpoints, components: Components.all).bytes }
}

/// A noun of the API with what may be done to it.
protocol APIResource: Sendable {
    var endpoints: [Endpoint] { get }
}
