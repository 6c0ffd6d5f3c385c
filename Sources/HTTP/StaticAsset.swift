/// A file that never changes while the program runs, compressed once at start, answered on the event loop.
package struct StaticAsset: Sendable {
    package let path: String
    package let contentType: String
    /// With its quotes; of the uncompressed bytes. Each encoding's answer carries it with a suffix of its own.
    package let etag: String
    package let plain: [UInt8]
    package let gzip: [UInt8]?
    package let brotli: [UInt8]?
    /// The path holds a fingerprint of the content: browsers may keep it for a year without asking.
    package let immutable: Bool

    package init(
        path: String, contentType: String, etag: String, plain: [UInt8], gzip: [UInt8]? = nil, brotli: [UInt8]? = nil,
        immutable: Bool = false
    ) {
        self.path = path
        self.contentType = contentType
        self.etag = etag
        self.plain = plain
        self.gzip = gzip
        self.brotli = brotli
        self.immutable = immutable
    }

    /// 200 in the smallest encoding that the client takes, 304, or 405 for anything but GET and HEAD.
    ///
    /// Ranges are not answered: a server may ignore them (RFC 9110, 14.2).
    package func response(to method: Method, headers request: Headers) -> Response {
        guard method == .get || method == .head else {
            return Response(status: 405, headers: ["Allow": "GET, HEAD"])
        }
        let accepted = AcceptEncoding(request)
        let (bytes, encoding): ([UInt8], String?) =
            if let brotli, accepted.takes("br") {
                (brotli, "br")
            } else if let gzip, accepted.takes("gzip") {
                (gzip, "gzip")
            } else {
                (plain, nil)
            }
        var headers: Headers = [
            "Content-Type": contentType, "ETag": tag(for: encoding),
            "Cache-Control": immutable ? "public, max-age=31536000, immutable" : "public, no-cache",
            "X-Content-Type-Options": "nosniff",
        ]
        if gzip != nil || brotli != nil { headers.add("Vary", "Accept-Encoding") }
        if let encoding { headers.add("Content-Encoding", encoding) }
        return Response(status: 200, headers: headers, body: .bytes(bytes)).ifNoneMatch(request)
    }

    private func tag(for encoding: String?) -> String {
        guard let encoding else { return etag }
        return String(etag.dropLast()) + "-" + encoding + "\""
    }
}

/// Which content codings a client takes (RFC 9110, 12.5.3). One that is not named is not taken, unless `*` is.
struct AcceptEncoding {
    private let takenByName: [String: Bool]

    init(_ headers: Headers) {
        var taken: [String: Bool] = [:]
        for token in headers.tokens("Accept-Encoding") {
            let parts = token.split(separator: ";").map(Headers.trim)
            guard let name = parts.first else { continue }
            let refused = parts.dropFirst().contains { weight in
                weight.hasPrefix("q=0") && weight.dropFirst(3).allSatisfy { $0 == "." || $0 == "0" }
            }
            taken[name] = !refused
        }
        takenByName = taken
    }

    func takes(_ name: String) -> Bool { takenByName[name] ?? takenByName["*"] ?? false }
}
