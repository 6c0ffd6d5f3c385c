import Core
import HTTP
import Synchronization

/// What requests have shown of the way to this server since it started: whether TLS and the trusted proxies are as
/// they should be. Kept in memory and noted by the front door; the other processes hear of it with the next beat.
package final class Doorstep: Sendable {
    private struct State {
        /// When a client came from the internet without TLS.
        var unencrypted: Timestamp?
        /// The proxy that said whose request it was and was not believed, and when.
        var untrusted: (proxy: IPAddress, at: Timestamp)?
    }

    private static let memory = Timestamp.Span.days(1)
    private let state = Mutex(State())

    init() {}

    /// - Parameters:
    ///   - context: with the client as the trusted proxies tell it.
    ///   - isBelieved: whether the peer is a trusted proxy.
    func saw(_ request: Request, _ context: Context, isBelieved: Bool, at now: Timestamp) {
        // What a stranger on the internet claims of proxies is no reason to trust anybody.
        let isProxied = TrustedProxies.fields.contains { request.headers[$0] != nil }
        if !isBelieved, isProxied, !request.peer.isPublic {
            state.withLock { $0.untrusted = (request.peer, now) }
        } else if !context.isSecure, context.clientAddress.isPublic {
            state.withLock { $0.unencrypted = now }
        }
    }

    /// Whether somebody came from the internet without TLS within a day.
    func wasUnencrypted(by now: Timestamp) -> Bool {
        state.withLock { $0.unencrypted.map { now - $0 < Self.memory } ?? false }
    }

    /// The proxy that was not believed within a day.
    func untrustedProxy(by now: Timestamp) -> IPAddress? {
        state.withLock { state in state.untrusted.flatMap { now - $0.at < Self.memory ? $0.proxy : nil } }
    }
}
