import HTTP
import Testing

/// How the route of a request is found.
struct RouterTests {
    private static func route(_ method: Method, _ path: String) -> Route {
        Route(method, path, .public) { _, _ in .text("\(method) \(path)") }
    }

    private static func found(_ match: Router.Match) -> String? {
        guard case .found(let route, let parameters) = match else { return nil }
        let values = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return ([route.method.rawValue, route.path] + values).joined(separator: " ")
    }

    private func router() throws -> Router {
        try Router([
            Self.route(.get, "/"), Self.route(.get, "/orders"), Self.route(.post, "/orders"),
            Self.route(.get, "/orders/new"), Self.route(.get, "/orders/{id}"), Self.route(.delete, "/orders/{order}"),
            Self.route(.get, "/orders/{id}/lines/{line}"), Self.route(.get, "/orders/new/help"),
            Self.route(.head, "/orders/{id}/lines/{line}"),
        ])
    }

    @Test(arguments: [
        (Method.get, "/", "GET /"), (.get, "/orders", "GET /orders"), (.post, "/orders", "POST /orders"),
        (.get, "/orders/new", "GET /orders/new"), (.get, "/orders/7", "GET /orders/{id} id=7"),
        (.delete, "/orders/7", "DELETE /orders/{order} order=7"),
        (.delete, "/orders/new", "DELETE /orders/{order} order=new"),
        (.get, "/orders/new/lines/2", "GET /orders/{id}/lines/{line} id=new line=2"),
        (.get, "/orders/a%20b", "GET /orders/{id} id=a b"), (.head, "/orders/7", "GET /orders/{id} id=7"),
        (.head, "/orders/7/lines/1", "HEAD /orders/{id}/lines/{line} id=7 line=1"),
    ]) func `static segments beat parameters`(method: Method, path: String, expected: String) throws {
        #expect(Self.found(try router().match(method, try #require(Target(path)))) == expected)
    }

    @Test(arguments: ["/order", "/orders/", "/orders/7/lines", "//", "/orders//lines/1", "/Orders"])
    func `other paths are unknown`(path: String) throws {
        guard case .unknown = try router().match(.get, try #require(Target(path))) else {
            Issue.record("\(path) matched")
            return
        }
    }

    @Test(arguments: [
        ("/orders", "GET HEAD POST"), ("/orders/new", "DELETE GET HEAD"), ("/orders/new/help", "GET HEAD"),
    ]) func `another method is told those that there are`(path: String, allowed: String) throws {
        guard case .wrongMethod(let allow) = try router().match(.put, try #require(Target(path))) else {
            Issue.record("\(path) is not refused for its method")
            return
        }
        #expect(allow.map(\.rawValue).joined(separator: " ") == allowed)
    }

    @Test(arguments: [
        ["/a", "/a"], ["/a/{b}", "/a/{c}"], ["a"], ["/{a}/{a}"], ["/a{b}"], ["/{}"],
    ]) func `a mistake in the table is an error at the start`(paths: [String]) {
        #expect(throws: RouteError.self) { try Router(paths.map { Self.route(.get, $0) }) }
    }
}
