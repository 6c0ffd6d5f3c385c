import Templating

/// A shop's address as somebody types or pastes it: without `https://`, with `/wp-admin/` behind it, or a page of the
/// shop.
struct TypedAddress {
    /// Where to look for the shop, the likeliest first: in `/tienda/shop` it may live in `/tienda/shop` itself.
    let candidates: [ShopAddress]

    /// - Throws: a `Word` that says what is wrong with it.
    init(_ typed: String) throws(TypingError) {
        var text = typed.trimmingBlanks.filter { !$0.isNewline }
        guard !text.isEmpty else { throw TypingError("shop.address.empty") }
        if let end = text.firstIndex(where: { $0 == "?" || $0 == "#" }) { text = String(text[..<end]) }
        let scheme = text.firstRange(of: "://").map { text[..<$0.lowerBound].lowercased() }
        switch scheme {
        case nil: text = "https://" + text
        case "https", "http": break
        default: throw TypingError("shop.address.scheme")
        }
        guard !text.contains("@") else { throw TypingError("shop.address.at_sign") }
        guard !text.contains(where: \.isWhitespace) else { throw TypingError("shop.address.blanks") }
        guard let address = ShopAddress(text) else { throw TypingError("shop.address.unreadable") }
        let isNamed = address.host.contains(".") || address.host.hasPrefix("[") || address.host == "localhost"
        guard isNamed || address.port != nil else {
            throw TypingError("shop.address.no_ending", ["host": address.host])
        }
        candidates = Self.folders(address.path).map(address.with(path:))
    }

    /// Where WordPress may live for a page of this path: below its own doors is nothing, and before a page of the shop
    /// it is likelier than in it.
    private static func folders(_ path: String) -> [String] {
        let segments = path.split(separator: "/").map(String.init)
        let kept = segments.prefix { !doors.contains($0.lowercased()) }
        let short = kept.prefix { !pages.contains($0.lowercased()) }
        let folders = [Array(short), Array(kept)].map { $0.map { "/" + $0 }.joined() }
        return folders[0] == folders[1] ? [folders[0]] : folders
    }

    private static let doors: Set<String> = ["wp-admin", "wp-login.php", "wp-json", "wp-content", "index.php"]
    private static let pages: Set<String> = [
        "shop", "store", "tienda", "boutique", "product", "product-category", "cart", "checkout", "my-account",
    ]
}

/// What is wrong with what was typed.
struct TypingError: Error, Equatable {
    let word: Word

    init(_ key: String, _ arguments: [String: String] = [:]) {
        word = Word(key, arguments.mapValues { .text($0) })
    }
}
