package import Core
package import HTTP
package import PluginKit

extension PluginParts {
    /// What the plugin's route answers, found by the real router. A caller whom the route does not permit gets 403.
    package func answer(
        _ method: Method, _ target: String, headers: Headers = [:], body: [UInt8] = [],
        by role: Role? = nil, at clock: any Clock = FixedClock()
    ) throws -> Response {
        guard let target = Target(target),
            case .found(let route, let parameters) = try Router(routes).match(method, target)
        else { return .empty(404) }
        var context = Context(
            id: "0123456789abcdef", clientAddress: .loopback, receivedAt: clock.now(),
            deadline: clock.sinceBoot() + .seconds(25))
        context.caller =
            role.map { .user(id: ID(1), email: "\($0.rawValue)@shop.example", role: $0, session: ID(2)) } ?? .nobody
        context.parameters = parameters
        guard route.access.permits(context.caller) else { return .empty(403) }
        return try route.handler(Request(method: method, target: target, headers: headers, body: body), context)
    }

    /// The same for a form of the admin.
    package func post(_ target: String, form: [(String, String)], by role: Role) throws -> Response {
        try answer(
            .post, target, headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: Form(form.map { (name: $0.0, value: $0.1) }).encoded, by: role)
    }
}
