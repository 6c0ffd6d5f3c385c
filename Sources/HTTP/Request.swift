/// A request whose head has been read, and with it the whole body, except on streaming routes.
package struct Request: Sendable {
    package var method: Method
    package var target: Target
    package var headers: Headers
    /// Empty on a streaming route, which reads `upload`.
    package var body: [UInt8]
    /// Who is at the other end of the connection; behind a proxy that is the proxy. See `Context.clientAddress`.
    package var peer: IPAddress
    /// The body of a request to a streaming route, piece by piece.
    package var upload: RequestStream?

    package init(
        method: Method, target: Target, headers: Headers = [:], body: [UInt8] = [], peer: IPAddress = .loopback,
        upload: RequestStream? = nil
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.peer = peer
        self.upload = upload
    }

    package var path: String { target.path }
    package var rawTarget: String { target.raw }
    package var query: QueryItems { target.query }
    package var cookies: Cookies { Cookies(headers) }

    /// The media type without parameters, lower case.
    package var contentType: String? {
        headers["Content-Type"]?.split(separator: ";").first.map { Headers.trim($0).lowercased() }
    }

    /// The fields of a submitted form; empty when the body is of another type.
    package var form: Form {
        contentType == "application/x-www-form-urlencoded" ? Form(decoding: body) : Form()
    }
}
