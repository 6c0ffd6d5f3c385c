import HTTP

/// A route of the API with what the outside is told of it.
struct Endpoint: Sendable {
    /// One way in which it answers when all is well.
    struct Answer: Sendable {
        let status: Status
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

    /// What a call sends: one of the document's components, and a call that is taken as it stands.
    struct Body: Sendable {
        let component: String
        let example: String

        init(_ component: String, example: String) {
            self.component = component
            self.example = example
        }
    }

    /// A parameter behind the question mark.
    struct QueryParameter: Sendable {
        let name: String
        let schema: Schema
        let about: String
        var isRequired = false

        init(_ name: String, _ schema: Schema, _ about: String, isRequired: Bool = false) {
            self.name = name
            self.schema = schema
            self.about = about
            self.isRequired = isRequired
        }
    }

    let route: Route
    /// By which generated clients call it; one of a kind.
    let name: String
    let about: String
    let query: [QueryParameter]
    /// Nil where there is no body.
    let takes: Body?
    let gives: [Answer]
    private let mayConflict: Bool

    /// - Parameters:
    ///   - path: under `/api/v1`.
    ///   - about: one sentence.
    ///   - mayConflict: whether 409 may come; a POST always may, for its `Idempotency-Key`.
    init(
        _ method: Method, _ path: String, _ access: Access, _ name: String, _ about: String,
        query: [QueryParameter] = [], takes: Body? = nil, gives: [Answer], mayConflict: Bool = false,
        handler: @escaping Route.Handler
    ) {
        let limit = method.isSafe || method == .delete ? 0 : 1 << 20
        route = Route(method, APIRoutes.prefix + path, access, bodyLimit: limit, handler: handler)
        self.name = name
        self.about = about
        self.query = query
        self.takes = takes
        self.gives = gives
        self.mayConflict = mayConflict
    }

    /// The noun that it is about: the path's first word.
    var tag: String {
        String(route.path.dropFirst(APIRoutes.prefix.count + 1).prefix { $0 != "/" && $0 != "." })
    }

    /// The names in braces in its path.
    var pathParameters: [String] {
        route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// In which ways it may say no, each with a problem document.
    var refusals: [Status] {
        var refusals: [Status] = [400, 413, 503]
        if route.access != .public { refusals += [401, 403] }
        if !pathParameters.isEmpty { refusals.append(404) }
        if mayConflict || route.method == .post { refusals.append(409) }
        if takes != nil { refusals.append(415) }
        if takes != nil || route.method == .post || !query.isEmpty { refusals.append(422) }
        return refusals.sorted { $0.rawValue < $1.rawValue }
    }
}
