package import Core
package import HTTP

/// Calls one server of ours over HTTP, with connections of its own.
package struct SiteClient: Sendable {
    /// `http://127.0.0.1:PORT`
    package let url: String
    private let client: CurlClient

    package init(url: String) throws {
        self.url = url
        client = try CurlClient(version: "test")
    }

    /// - Parameters:
    ///   - body: where it is not JSON.
    ///   - token: an API key.
    package func send(
        _ method: HTTP.Method = .get, _ path: String, json: String? = nil, body: [UInt8] = [], headers: Headers = [:],
        token: String? = nil, deadline: Timestamp.Span = .seconds(30)
    ) throws -> OutboundResponse {
        var headers = headers
        // The client writes these by itself; recordings bring them along.
        for name in ["Content-Length", "Host", "Connection"] { headers[name] = nil }
        if json != nil { headers["Content-Type"] = "application/json" }
        if let token { headers["Authorization"] = "Bearer \(token)" }
        return try client.send(
            OutboundRequest(
                method, url + path, headers: headers, body: json.map { Array($0.utf8) } ?? body,
                hosts: AllowedHosts(namedByAdmin: ["127.0.0.1"]), repeatable: false, deadline: deadline))
    }
}
