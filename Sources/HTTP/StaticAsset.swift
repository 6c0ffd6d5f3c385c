/// A file that never changes while the program runs, compressed once at start, answered on the event loop.
package struct StaticAsset: Sendable {
    package let path: String
    /// The answers, made once: the bytes as they are, and in each encoding that makes them smaller.
    private let plain: Response
    private let gzip: Response?
    private let brotli: Response?

    /// - Parameters:
    ///   - etag: with its quotes; of the uncompressed bytes. Each encoding's answer carries it with a suffix of its own.
    ///   - immutable: the path holds a fingerprint of the content: browsers may keep it for a year without asking.
    ///   - finish: what else every answer says.
    package init(
        path: String, contentType: String, etag: String, plain: [UInt8], gzip: [UInt8]? = nil, brotli: [UInt8]? = nil,
        immutable: Bool = false, finish: (inout Response) -> Void = { _ in }
    ) {
        func answer(_ bytes: [UInt8], _ encoding: String?) -> Response {
            var headers: Headers = [
                "Content-Type": contentType, "ETag": encoding.map { "\(etag.dropLast())-\($0)\"" } ?? etag,
                "Cache-Control": immutable ? "public, max-age=31536000, immutable" : "public, no-cache",
                "X-Content-Type-Options": "nosniff",
            ]
            if gzip != nil || brotli != nil { headers.add("Vary", "Accept-Encoding") }
            if let encoding { headers.add("Content-Encoding", encoding) }
            var response = Response(status: 200, headers: headers, body: .bytes(bytes))
            finish(&response)
            return response
        }
        self.path = path
        self.plain = answer(plain, nil)
        self.gzip = gzip.map { answer($0, "gzip") }
        self.brotli = brotli.map { answer($0, "br") }
    }

    /// 200 in the smallest encoding that the client takes, 304, or 405 for anything but GET and HEAD.
    ///
    /// Ranges are not answered: a server may ignore them (RFC 9110, 14.2).
    package func response(to method: Method, headers request: Headers) -> Response {
        guard method == .get || method == .head else {
            return Response(status: 405, headers: ["Allow": "GET, HEAD"])
        }
        return smallest(for: AcceptEncoding(request)).ifNoneMatch(request)
    }

    private func smallest(for accepted: AcceptEncoding) -> Response {
        if let brotli, accepted.takes("br") { return brotli }
        if let gzip, accepted.takes("gzip") { return gzip }
        return plain
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
