/// What a handler answers. The server adds Date, Content-Length or chunks, and Connection.
package struct Response: Sendable {
    package enum Body: Sendable {
        /// Arrays share their storage, so an answer kept for reuse costs no copy.
        case bytes([UInt8])
        /// Written from outside after the handler has returned (progress events); holds no worker.
        case stream(ResponseStream)
        /// Written by `by` on one of the streaming workers; its `write` blocks while the client is slow. Without
        /// `length` in bytes it goes out in chunks.
        case produced(length: Int?, by: @Sendable (ResponseStream) throws -> Void)
    }

    package var status: Status
    package var headers: Headers
    package var body: Body

    package init(status: Status, headers: Headers = [:], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static func bytes(_ bytes: [UInt8], type: String, status: Status = 200) -> Response {
        Response(status: status, headers: ["Content-Type": type], body: .bytes(bytes))
    }

    package static func text(_ text: String, status: Status = 200) -> Response {
        .bytes(Array(text.utf8), type: "text/plain; charset=utf-8", status: status)
    }

    package static func html(_ html: [UInt8], status: Status = 200) -> Response {
        .bytes(html, type: "text/html; charset=utf-8", status: status)
    }

    package static func json(_ json: [UInt8], status: Status = 200) -> Response {
        .bytes(json, type: "application/json", status: status)
    }

    /// 303 after a POST; 302 for links that customers follow.
    package static func redirect(_ status: Status = 303, to location: String) -> Response {
        Response(status: status, headers: ["Location": location])
    }

    package static func empty(_ status: Status = 204) -> Response { Response(status: status) }

    /// The body where it is already there; nil for the two that are written later.
    package var bytes: [UInt8]? {
        guard case .bytes(let bytes) = body else { return nil }
        return bytes
    }

    package mutating func set(_ cookie: SetCookie) { headers.add("Set-Cookie", cookie.headerValue) }
}
