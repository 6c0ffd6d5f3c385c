package import Core
package import HTTP

/// What a handler is told besides the request, for tests that call one directly.
package enum HandlerContext {
    /// - Parameter role: of the signed-in person; nil for nobody.
    package static func of(
        _ house: PluginContextDouble, role: Role? = nil, parameters: [String: String] = [:]
    ) -> Context {
        Context(
            id: "0123456789abcdef", clientAddress: .loopback, receivedAt: house.clock.now(),
            deadline: house.clock.sinceBoot() + .seconds(30),
            caller: role.map { .user(id: ID(1), email: "ada@shop.example", role: $0, session: ID(2)) } ?? .nobody,
            parameters: parameters)
    }
}
