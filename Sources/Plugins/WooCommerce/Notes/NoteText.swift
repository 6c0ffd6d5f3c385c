/// The plain text of a note: shops and their plugins write HTML into them, and WhatsApp shows none.
enum NoteText {
    /// In Unicode scalars; longer notes are cut.
    private static let longest = 4000

    static func plain(_ html: String) -> String {
        var text = ""
        var rest = html[...]
        var link: String?
        while let open = rest.firstIndex(of: "<") {
            text += collapsed(rest[..<open])
            guard let close = rest[open...].firstIndex(of: ">"), isTag(rest[rest.index(after: open)...]) else {
                // A plain "less than".
                text += "<"
                rest = rest[rest.index(after: open)...]
                continue
            }
            let tag = rest[rest.index(after: open)..<close]
            rest = rest[rest.index(after: close)...]
            switch name(tag) {
            case "br", "/p", "/div", "/li", "/ul", "/ol", "/tr", "/h1", "/h2", "/h3": text += "\n"
            case "li": text += "- "
            case "a": link = address(tag)
            case "/a":
                // Where the words are the address already, it is not said twice.
                if let link, !text.hasSuffix(link) { text += " (\(link))" }
                link = nil
            case "script", "style":
                let end = rest.firstRange(of: "</" + name(tag))?.lowerBound ?? rest.endIndex
                rest = rest[end...]
            default: break
            }
        }
        text += collapsed(rest)
        let lines: [Substring] = NoteEntities.decoded(text).split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0).trimmingBlanks }
        var kept: [Substring] = []
        for line in lines where !(line.isEmpty && kept.last?.isEmpty != false) { kept.append(line) }
        while kept.last?.isEmpty == true { kept.removeLast() }
        return String(String.UnicodeScalarView(kept.joined(separator: "\n").unicodeScalars.prefix(longest)))
    }

    /// A note typed in the shop has line breaks of its own: they stay.
    private static func collapsed(_ text: Substring) -> String {
        String(text).replacing("\r\n", with: "\n").replacing("\t", with: " ")
    }

    private static func isTag(_ rest: Substring) -> Bool {
        guard let first = rest.first else { return false }
        return first == "/" || first == "!" || first.isASCII && first.isLetter
    }

    private static func name(_ tag: Substring) -> String {
        let name = tag.prefix { !$0.isWhitespace && $0 != ">" }.lowercased()
        return name.hasSuffix("/") && name.count > 1 ? String(name.dropLast()) : name
    }

    private static func address(_ tag: Substring) -> String? {
        guard let match = tag.firstMatch(of: /href\s*=\s*(?:"([^"]*)"|'([^']*)')/.ignoresCase()) else { return nil }
        let text = String(match.1 ?? match.2 ?? "")
        return text.hasPrefix("https://") || text.hasPrefix("http://") ? text : nil
    }
}

/// The entities that editors put into texts, besides those five that WordPress itself writes.
enum NoteEntities {
    static func decoded(_ text: String) -> String {
        guard text.contains("&") else { return text }
        let named = text.replacing(/&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});/) { match in
            character(String(match.1)) ?? String(match.0)
        }
        return named
    }

    private static func character(_ name: String) -> String? {
        if name.hasPrefix("#") {
            let digits = name.dropFirst()
            let isHex = digits.first == "x" || digits.first == "X"
            guard let code = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits), code >= 32,
                let scalar = UnicodeScalar(code)
            else { return nil }
            return code == 160 ? " " : String(scalar)
        }
        return names[name]
    }

    private static let names = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "hellip": "…", "ndash": "–",
        "mdash": "—", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "laquo": "«", "raquo": "»",
        "euro": "€", "pound": "£", "copy": "©", "reg": "®", "trade": "™", "middot": "·", "bull": "•",
    ]
}
