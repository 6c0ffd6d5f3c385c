import CNet
import Core

/// A request that has passed the client's own rules, on its way through queue and transfer.
struct OutboundJob: Sendable {
    let request: OutboundRequest
    /// The admin's own setting names the host: its address may be private.
    let mayBePrivate: Bool
    /// `sinceBoot` when it was submitted: the start of its deadline.
    let submittedAt: Timestamp.Span
    let completion: @Sendable (Result<OutboundResponse, HTTPClientError>) -> Void

    init(
        _ request: OutboundRequest, submittedAt: Timestamp.Span,
        completion: @escaping @Sendable (Result<OutboundResponse, HTTPClientError>) -> Void
    ) throws(HTTPClientError) {
        guard let host = Self.host(of: request.url) else {
            throw HTTPClientError(.refused(.invalidRequest), "not an absolute http or https URL")
        }
        guard request.hosts.contains(host) else {
            throw HTTPClientError(.refused(.undeclaredHost), "the host \(host) is not declared")
        }
        try Self.checkHeaders(request.headers)
        self.request = request
        self.mayBePrivate = request.hosts.mayBePrivate(host)
        self.submittedAt = submittedAt
        self.completion = completion
    }

    /// Read by libcurl's own URL parser: two parsers that disagree about the host would be a way around the rules.
    private static func host(of url: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { room in
            guard cnet_url_host(url, room.baseAddress, room.count), let start = room.baseAddress else { return nil }
            return String(cString: start)
        }
    }

    /// Framing belongs to the client, and a line break in a value would make a header of its own.
    private static func checkHeaders(_ headers: Headers) throws(HTTPClientError) {
        for field in headers.fields {
            let (name, value) = (field.name, field.value)
            let framing = ["content-length", "transfer-encoding", "connection", "host", "expect", "upgrade", "te"]
            guard !framing.contains(name.lowercased()), !name.isEmpty, name.utf8.allSatisfy(isToken),
                !value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F })
            else {
                throw HTTPClientError(.refused(.invalidRequest), "the header \(name.debugDescription) is not allowed")
            }
        }
    }

    /// A `tchar` of RFC 9110, 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
