/// Finds the route of a request by a tree of path segments. Static segments beat parameters at every level.
package struct Router: Sendable {
    package enum Match: Sendable {
        case found(Route, parameters: [String: String])
        /// The path exists with these methods, sorted: 405 and `Allow`.
        case wrongMethod(allow: [Method])
        case unknown
    }

    private final class Node: Sendable {
        let literal: [String: Node]
        let parameter: Node?
        let routes: [Method: Leaf]

        init(literal: [String: Node], parameter: Node?, routes: [Method: Leaf]) {
            self.literal = literal
            self.parameter = parameter
            self.routes = routes
        }
    }

    private struct Leaf: Sendable {
        let route: Route
        /// In the order of the path; each route names its own.
        let names: [String]
    }

    package let routes: [Route]
    private let root: Node

    /// - Throws: `RouteError` for a path that is not one, or for two routes that would answer the same requests.
    package init(_ routes: [Route]) throws(RouteError) {
        let draft = Draft()
        for route in routes { try draft.insert(route) }
        self.routes = routes
        root = draft.node
    }

    /// A HEAD request finds the route of GET where none of its own stands; the server leaves the body out.
    package func match(_ method: Method, _ target: Target) -> Match {
        var allowed: Set<Method> = []
        if let (leaf, values) = find(root, method, target.segments[...], [], &allowed) {
            return .found(leaf.route, parameters: Dictionary(zip(leaf.names, values)) { _, last in last })
        }
        guard !allowed.isEmpty else { return .unknown }
        if allowed.contains(.get) { allowed.insert(.head) }
        return .wrongMethod(allow: allowed.sorted { $0.rawValue < $1.rawValue })
    }

    private func find(
        _ node: Node, _ method: Method, _ rest: ArraySlice<String>, _ values: [String], _ allowed: inout Set<Method>
    ) -> (Leaf, [String])? {
        guard let segment = rest.first else {
            if let leaf = node.routes[method] ?? (method == .head ? node.routes[.get] : nil) { return (leaf, values) }
            allowed.formUnion(node.routes.keys)
            return nil
        }
        if let next = node.literal[segment], let found = find(next, method, rest.dropFirst(), values, &allowed) {
            return found
        }
        guard !segment.isEmpty, let next = node.parameter else { return nil }
        return find(next, method, rest.dropFirst(), values + [segment], &allowed)
    }

    /// The tree while it grows; frozen into nodes once, at start.
    private final class Draft {
        private var literal: [String: Draft] = [:]
        private var parameter: Draft?
        private var routes: [Method: Leaf] = [:]

        var node: Node {
            Node(literal: literal.mapValues(\.node), parameter: parameter?.node, routes: routes)
        }

        func insert(_ route: Route) throws(RouteError) {
            guard route.path.hasPrefix("/") else { throw RouteError("\(route.path) does not start with /") }
            var place = self
            var names: [String] = []
            for segment in route.path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
                if segment.hasPrefix("{"), segment.hasSuffix("}"), segment.count > 2 {
                    let name = String(segment.dropFirst().dropLast())
                    guard !names.contains(name) else { throw RouteError("\(route.path) names {\(name)} twice") }
                    names.append(name)
                    place = place.child(at: nil)
                } else {
                    guard !segment.contains("{"), !segment.contains("}") else {
                        throw RouteError("\(route.path) has braces inside a segment")
                    }
                    place = place.child(at: String(segment))
                }
            }
            if let other = place.routes[route.method] {
                throw RouteError("\(route.method) \(route.path) is declared twice (as \(other.route.path))")
            }
            place.routes[route.method] = Leaf(route: route, names: names)
        }

        private func child(at segment: String?) -> Draft {
            if let found = segment.map({ literal[$0] }) ?? parameter { return found }
            let made = Draft()
            if let segment { literal[segment] = made } else { parameter = made }
            return made
        }
    }
}

/// A mistake in the table of routes: the program does not start with it.
package struct RouteError: Error, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}
