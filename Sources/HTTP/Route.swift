package import Core

/// Who may call a route. There is no default: a route without one does not compile.
package enum Access: Sendable, Equatable {
    case `public`
    /// Signed-in people of at least this role.
    case role(Role)
    /// API keys of at least this scope.
    case scope(Scope)

    package func permits(_ caller: Caller) -> Bool {
        switch (self, caller) {
        case (.public, _): true
        case (.role(let least), .user(_, _, let role, _)): role >= least
        case (.scope(let least), .token(_, _, let scope)): scope >= least
        case (.role, _), (.scope, _): false
        }
    }
}

/// A method, a path and the function that answers; the server knows its limits before it reads a body.
package struct Route: Sendable {
    package typealias Handler = @Sendable (Request, Context) throws -> Response

    package enum Kind: Sendable {
        /// The handler starts when the whole body is there.
        case normal
        /// The handler starts after the head, on one of the few streaming workers, and reads `Request.upload`.
        case streaming
    }

    package let method: Method
    /// `/orders/{id}`: a segment in braces matches one non-empty segment.
    package let path: String
    package let access: Access
    package let confirmation: Confirmation
    /// Bytes; a longer body is answered 413 before it is collected.
    package let bodyLimit: Int
    package let kind: Kind
    package let handler: Handler

    package init(
        _ method: Method, _ path: String, _ access: Access, confirmation: Confirmation = .none,
        bodyLimit: Int = 1 << 20, kind: Kind = .normal, handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.confirmation = confirmation
        // A form that is sent again after the password comes sealed, which makes it half as long again.
        self.bodyLimit = confirmation == .none ? bodyLimit : bodyLimit * 2 + 4096
        self.kind = kind
        self.handler = handler
    }
}
