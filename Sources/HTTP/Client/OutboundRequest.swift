package import Core

/// A call to an outside service.
package struct OutboundRequest: Sendable {
    package var method: Method
    /// Absolute, http or https, without a user name.
    package var url: String
    package var headers: Headers
    package var body: [UInt8]
    /// For the whole call, waiting for a slot among it.
    package var deadline: Timestamp.Span
    package var connectDeadline: Timestamp.Span
    package var maxResponseBytes: Int
    package var hosts: AllowedHosts
    /// On the client's `sinceBoot` clock: earlier than this the client does not begin with it.
    package var departAfter: Timestamp.Span?
    /// On the client's `sinceBoot` clock: later than this not a byte of the request leaves.
    package var departBy: Timestamp.Span?
    /// Called once, on a thread of the client, as the request's last byte is about to leave; never for one that stays.
    /// Must not wait.
    package var onDeparture: (@Sendable () -> Void)?
    /// Whether the peer may get the request twice without harm. False for every send: libcurl may then not repeat
    /// it by itself when a kept connection dies without an answer.
    package var repeatable: Bool

    package init(
        _ method: Method, _ url: String, headers: Headers = [:], body: [UInt8] = [], hosts: AllowedHosts,
        repeatable: Bool, deadline: Timestamp.Span = .seconds(15), connectDeadline: Timestamp.Span = .seconds(5),
        maxResponseBytes: Int = 4 << 20, departBy: Timestamp.Span? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.hosts = hosts
        self.repeatable = repeatable
        self.deadline = deadline
        self.connectDeadline = connectDeadline
        self.maxResponseBytes = maxResponseBytes
        self.departBy = departBy
    }
}

/// A complete answer, whatever its status; redirects are answers too.
package struct OutboundResponse: Sendable {
    package var status: Int
    package var headers: Headers
    package var body: [UInt8]
    package var elapsed: Timestamp.Span

    package init(status: Int, headers: Headers = [:], body: [UInt8] = [], elapsed: Timestamp.Span = .zero) {
        self.status = status
        self.headers = headers
        self.body = body
        self.elapsed = elapsed
    }
}
