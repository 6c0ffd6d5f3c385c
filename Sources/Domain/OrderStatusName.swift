/// The name of a status that the program has no word for: a shop's own, which it tells only by its slug.
package enum OrderStatusName {
    /// `ready-to-ship` reads `Ready to ship`.
    package static func readable(_ slug: String) -> String {
        let words = slug.split { $0 == "-" || $0 == "_" }.joined(separator: " ")
        guard let first = words.first else { return slug }
        return first.uppercased() + words.dropFirst()
    }

    /// What a person types for a status, as shops write it: `wc-Ready to ship` is `ready-to-ship`.
    package static func slug(_ typed: String) -> String {
        let slug = typed.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: "-")
        return slug.hasPrefix("wc-") ? String(slug.dropFirst(3)) : slug
    }
}
