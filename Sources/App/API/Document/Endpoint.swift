import HTTP

/// A route of the API with what the outside is told of it.
struct Endpoint: Sendable {
    /// One way in which it answers when all is well; what may go wrong is the same everywhere (`Problem`).
    struct Answer: Sendable {
        let status: Int
        /// Nil for an empty body.
        let schema: Schema?
        var hasLocation = false

        static func done(_ schema: Schema) -> Answer { Answer(status: 200, schema: schema) }
        static func created(_ schema: Schema) -> Answer { Answer(status: 201, schema: schema, hasLocation: true) }
        static func accepted(_ schema: Schema) -> Answer { Answer(status: 202, schema: schema) }
        static let removed = Answer(status: 204, schema: nil)

        /// A page of a list.
        static func list(of component: String) -> Answer {
            .done(
                .object([
                    .required("data", .list(.reference(component))), .required("next", .nullable(.text)),
                ]))
        }
    }

    /// A parameter behind the question mark.
    struct QueryParameter: Sendable {
        let name: String
        let schema: Schema
        let about: String

        init(_ name: String, _ schema: Schema, _ about: String) {
            self.name = name
            self.schema = schema
            self.about = about
        }
    }

    let route: Route
    let about: String
    let query: [QueryParameter]
    /// What the body holds; nil where there is none.
    let takes: Schema?
    let gives: [Answer]

    /// - Parameters:
    ///   - path: under `/api/v1`.
    ///   - about: one sentence.
    init(
        _ method: Method, _ path: String, _ access: Access, _ about: String, query: [QueryParameter] = [],
        takes: Schema? = nil, gives: [Answer], handler: @escaping Route.Handler
    ) {
        let limit = method.isSafe || method == .delete ? 0 : 1 << 20
        route = Route(method, APIRoutes.prefix + path, access, bodyLimit: limit, handler: handler)
        self.about = about
        self.query = query
        self.takes = takes
        self.gives = gives
    }
}
