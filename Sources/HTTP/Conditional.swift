extension Response {
    /// 304 without a body when the client already has this very answer (RFC 9110, 13.1.2); else the answer itself.
    ///
    /// Only for 200 answers to GET and HEAD that carry an `ETag`.
    package func ifNoneMatch(_ request: Headers) -> Response {
        guard status == 200, let tag = headers["ETag"], request.matchesETag(tag) else { return self }
        let kept = ["ETag", "Cache-Control", "Content-Location", "Expires", "Last-Modified", "Vary"]
        return Response(
            status: 304,
            headers: Headers(headers.fields.filter { field in kept.contains { Headers.same($0, field.name) } }))
    }
}

extension Headers {
    /// Whether If-None-Match names `tag` or `*`, by the weak comparison: `W/"a"` matches `"a"`.
    func matchesETag(_ tag: String) -> Bool {
        func opaque(_ tag: String) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...] }
        return all("If-None-Match").flatMap { $0.split(separator: ",") }.map(Self.trim)
            .contains { $0 == "*" || opaque($0) == opaque(tag) }
    }
}
