package import Core

/// What a handler is told besides the request.
package struct Context: Sendable {
    /// Names this request in the log and on error pages: sixteen hexadecimal digits.
    package var id: String
    /// The peer's address until the middleware, knowing the trusted proxies, puts the client's here.
    package var clientAddress: IPAddress
    /// Whether the client came over TLS: false until the middleware knows from a trusted proxy.
    package var isSecure: Bool
    package var receivedAt: Timestamp
    /// On `Clock.sinceBoot()`: nobody waits for the answer after this; outbound calls take it as their limit.
    package var deadline: Timestamp.Span
    package var caller: Caller
    /// Whether the person gave their password a short while ago.
    package var isConfirmed = false
    /// What each form of the answer must carry in its field `csrf`; empty where the middleware gives none.
    package var csrf = ""
    /// What stood in the path at each `{name}` of the route, decoded.
    package var parameters: [String: String]

    package init(
        id: String, clientAddress: IPAddress, isSecure: Bool = false, receivedAt: Timestamp,
        deadline: Timestamp.Span, caller: Caller = .nobody, parameters: [String: String] = [:]
    ) {
        self.id = id
        self.clientAddress = clientAddress
        self.isSecure = isSecure
        self.receivedAt = receivedAt
        self.deadline = deadline
        self.caller = caller
        self.parameters = parameters
    }
}

/// Who asks, once the middleware has looked at the session cookie or the bearer token.
package enum Caller: Sendable, Equatable {
    case nobody
    case user(id: ID, email: String, role: Role, session: ID)
    case token(id: ID, name: String, scope: Scope)
}
