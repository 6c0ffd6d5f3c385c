/// What a request asks for: the path in decoded segments and the query.
///
/// A decoded segment never is `.` or `..` and never holds a slash, a backslash or a control character, so the joined
/// path has one meaning only.
package struct Target: Sendable {
    /// In origin form as it came, with the query.
    package let raw: String
    package let segments: [String]
    package let query: QueryItems

    /// Nil unless `raw` starts with `/` and its path keeps the rules above.
    package init?(_ raw: String) {
        guard raw.utf8.first == UInt8(ascii: "/") else { return nil }
        let halves = raw.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        var segments: [String] = []
        for piece in halves[0].dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let segment = Self.segment(piece) else { return nil }
            segments.append(segment)
        }
        self.raw = raw
        self.segments = segments
        query = QueryItems(halves.count == 2 ? String(decoding: halves[1], as: UTF8.self) : "")
    }

    /// Decoded, with its slash in front; for choosing and showing, not for links.
    package var path: String { "/" + segments.joined(separator: "/") }

    private static func segment(_ piece: Substring.UTF8View) -> String? {
        guard let bytes = URLEncoding.decode(piece),
            bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") }),
            let text = String(validating: bytes, as: UTF8.self), text != ".", text != ".."
        else { return nil }
        return text
    }
}
