/// Whether a route wants the password once more when it was not given for a while.
package enum Confirmation: Sendable, Equatable {
    case none
    /// Before each call: exports, users, tokens, second factors.
    case always
    /// The handler finds out and calls `Context.requireConfirmation` before it changes anything.
    case byHandler
}

/// Thrown by `Context.requireConfirmation`: the middleware asks for the password and then sends the same form again.
package struct ConfirmationDue: Error, Sendable {
    package init() {}
}

extension Context {
    /// Call it before anything is changed: the handler is called again once the password was given.
    package func requireConfirmation() throws(ConfirmationDue) {
        guard isConfirmed else { throw ConfirmationDue() }
    }
}
