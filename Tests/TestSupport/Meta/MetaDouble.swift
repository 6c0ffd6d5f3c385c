package import Core
import Synchronization

/// A stand-in for Meta's Cloud API on a loopback port. It holds every request against the published schemas,
/// answers as documented, and does on demand what the real one does on a bad day.
///
/// A request that Meta would not take is a violation: look at `violations` at the end of a test.
package final class MetaDouble: Sendable {
    package let phoneNumberID = "100000000000001"
    package let wabaID = "200000000000001"
    package let accessToken = Secret("meta-test-token")
    package let appSecret = Secret("meta-test-app-secret")
    package let clock: any Clock
    private let api: MetaAPI
    private let server: MisbehavingServer

    /// - Parameters:
    ///   - schema: tells a right request from a wrong one.
    ///   - habit: what a right request to send gets when nothing else was said by `reply`; called under a lock.
    ///   - beforeAnswer: called once a send is recorded; the answer leaves when it returns.
    package init(
        clock: any Clock = FixedClock(), templates: [MetaTemplate] = [], schema: JSONSchema? = nil,
        habit: @escaping @Sendable () -> MetaReply = { .ok },
        beforeAnswer: @escaping @Sendable (MetaSend) -> Void = { _ in }
    ) throws {
        self.clock = clock
        let api = MetaAPI(
            schema: try schema ?? MetaSchema.load(), phoneNumberID: phoneNumberID, wabaID: wabaID,
            accessToken: accessToken, templates: templates, habit: habit, beforeAnswer: beforeAnswer)
        self.api = api
        server = try MisbehavingServer(handler: { api.answer($0) })
    }

    /// For `meta.graph_url`.
    package var url: String { server.url }
    /// The host of `url`.
    package var host: String { server.host }

    /// Right requests to send, in order of arrival, whatever was replied.
    package var sends: [MetaSend] { api.state.withLock { $0.sends } }
    /// The sends that may have reached their person: more than one for one message is a duplicate.
    package var delivered: [MetaSend] { sends.filter { $0.id != nil } }
    /// What was wrong with requests, one sentence each.
    package var violations: [String] { api.state.withLock { $0.violations } }
    /// Every request, also those that are no sends.
    package var requests: [Received] { server.requests }
    package var templates: [MetaTemplate] { api.state.withLock { $0.templates } }
    /// Whether the app has subscribed to the account's webhooks.
    package var isSubscribed: Bool { api.state.withLock { $0.isSubscribed } }

    /// Replies to the next right requests to send, in order; then its habit again.
    package func reply(_ replies: MetaReply...) {
        api.state.withLock { $0.replies += replies }
    }

    package func set(templates: [MetaTemplate]) {
        api.state.withLock { $0.templates = templates }
    }

    /// Blocks until so many requests of any kind have come, at most 20 s.
    @discardableResult
    package func wait(forRequests count: Int) -> Bool { server.wait(forRequests: count) }

    /// Ends every connection and listens no more, as if Meta were out of reach.
    package func stop() { server.stop() }
}
