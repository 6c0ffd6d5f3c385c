package import Core

/// Every bound that the server keeps. The values are the house's; tests shorten the times.
package struct Limits: Sendable {
    /// Bytes of a request's line and fields together, up to and with the empty line: 431.
    package var head = 32 << 10
    /// Bytes of the request line: 414.
    package var requestLine = 8 << 10
    package var fields = 100
    /// Bytes after the last chunk.
    package var trailers = 8 << 10
    /// Connections at a time; one more is closed at once.
    package var connections = 10_000
    /// Requests that may wait for a worker: 503.
    package var queued = 1024
    /// Bytes of bodies held at a time, by all connections: 503.
    package var heldBodies = 256 << 20

    /// From a head's first byte to its last.
    package var headTime = Timestamp.Span.seconds(10)
    package var idleTime = Timestamp.Span.seconds(60)
    /// Bytes a second that a peer has to send or take while a body or an answer is under way.
    package var slowest = 1000
    /// Over how long that rate is averaged.
    package var rateWindow = Timestamp.Span.seconds(10)
    /// How long a handler may count on somebody waiting (`Context.deadline`).
    package var handlerTime = Timestamp.Span.seconds(25)
    /// How long a closed connection is still read, unheeded, so that a reset does not overtake the answer.
    package var lingerTime = Timestamp.Span.seconds(2)
    /// How long a stopping server lets what is in flight go on.
    package var stopTime = Timestamp.Span.seconds(25)
    /// How long a stopping server answers 503 on connections that had nothing under way.
    package var stopIdleTime = Timestamp.Span.milliseconds(500)
    /// Seconds in `Retry-After` of the server's own 503.
    package var retryAfter = 5

    package init() {}

    /// The least number of bytes in one window.
    var leastPerWindow: Int { slowest * Int(rateWindow.milliseconds) / 1000 }
}
