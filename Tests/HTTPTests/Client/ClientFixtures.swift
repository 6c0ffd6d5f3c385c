import Core
import HTTP
import TestSupport
import Testing

extension MisbehavingServer {
    /// A request to this server, allowed as if the admin had named its host.
    func request(
        _ method: Method, _ path: String, headers: Headers = [:], body: String = "", repeatable: Bool = false,
        deadline: Timestamp.Span = .seconds(15)
    ) -> OutboundRequest {
        OutboundRequest(
            method, url + path, headers: headers, body: Array(body.utf8), hosts: AllowedHosts(namedByAdmin: [host]),
            repeatable: repeatable, deadline: deadline)
    }
}

extension HTTPClient {
    /// The error that a call must end with.
    func failure(of request: OutboundRequest, sourceLocation: SourceLocation = #_sourceLocation) throws
        -> HTTPClientError
    {
        try #require(
            throws: HTTPClientError.self, sourceLocation: sourceLocation,
            performing: { _ = try self.send(request) })
    }
}
