package import HTTP

/// What a `MisbehavingServer` does with one request.
package enum Behaviour: Sendable {
    /// A proper answer; the connection is kept.
    case answer(Int, headers: Headers = [:], body: [UInt8] = [])
    /// A proper answer that leaves one byte at a time.
    case dribble(Int, body: [UInt8])
    /// These bytes as they are; the connection is kept.
    case raw(String)
    /// These bytes as they are, then the end of the connection.
    case rawThenClose(String)
    /// Reads the request and closes without a byte.
    case close
    /// Reads the request and resets: the connection in HTTP/1.1, the stream in HTTP/2.
    case reset
    /// Resets the connection as soon as the head is read. Only in scripts.
    case resetBeforeBody
    /// Reads the request and never answers.
    case silence

    package static func json(_ status: Int, _ text: String) -> Behaviour {
        .answer(status, headers: ["Content-Type": "application/json"], body: Array(text.utf8))
    }
}

/// A request as it came over the wire, whole.
package struct Received: Sendable {
    package var method = Method.get
    package var target = ""
    package var headers: Headers = [:]
    package var body: [UInt8] = []
    /// Counts connections from 1 in order of arrival.
    package var connection = 0

    package var text: String { String(decoding: body, as: UTF8.self) }
    package var path: String { String(target.prefix { $0 != "?" }) }
    /// What follows `?`, as it came.
    package var query: String { String(target.drop { $0 != "?" }.dropFirst()) }
}
