import HTTP

/// The API under `/api/v1`: each resource brings its endpoints, and the document that describes
/// them is drawn from the same values.
struct APIRoutes: Sendable {
    static let prefix = "/api/v1"

    let endpoints: [Endpoint]

    init(_ host: Host) {
        let resources: [any APIResource] = [
            OrdersResource(host: host), MessagesResource(host: host), TestMessageResource(host: host),
            ContactsResource(host: host), ConsentsResource(host: host), TemplatesResource(host: host),
            ProductsResource(host: host), CouponsResource(host: host), DeliveriesResource(host: host),
            SettingsResource(host: host),
        ]
        let document = Endpoint(
            .get, "/openapi.json", .public, "This document.", gives: [.done(.any)]
        ) { _, _ in .json(APIRoutes(host).document) }
        endpoints = resources.flatMap(\.endpoints) + [document]
    }

    var all: [Route] { endpoints.map(\.route) }

    private var document: [UInt8] { OpenAPIDocument(endpoints: endpoints, components: Components.all).bytes }
}

/// A noun of the API with what may be done to it.
protocol APIResource: Sendable {
    var endpoints: [Endpoint] { get }
}
