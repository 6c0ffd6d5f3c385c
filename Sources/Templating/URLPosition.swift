/// Where in a URL the compiler stands: it decides whether data may still bring a scheme, and what is encoded.
enum URLPosition: Hashable {
    /// Nothing has ended the scheme yet; `read` is the constant text so far.
    case start(read: String, hasData: Bool)
    case path
    /// After `?` or `#`.
    case query
    /// In a URL that is code, or may be.
    case code

    /// - Returns: why the byte may not stand there.
    mutating func advance(_ byte: UInt8) -> String? {
        switch (self, byte) {
        // Browsers take a backslash for a slash.
        case (.start, UInt8(ascii: "/")), (.start, UInt8(ascii: "\\")): self = .path
        case (.start, UInt8(ascii: "?")), (.start, UInt8(ascii: "#")), (.path, UInt8(ascii: "?")),
            (.path, UInt8(ascii: "#")):
            self = .query
        case (.start(_, hasData: true), UInt8(ascii: ":")): return "data may not choose the scheme of a URL"
        case (.start(let read, _), UInt8(ascii: ":")):
            self = Array(read.utf8).withUnsafeBufferPointer(Escape.isSafe) ? .path : .code
        // A reference could be a colon.
        case (.start(_, hasData: true), UInt8(ascii: "&")): return "a `&` may not stand in the start of a URL"
        case (.start, UInt8(ascii: "&")): self = .code
        case (.start(let read, let hasData), _):
            let next = Unicode.Scalar(HTMLPosition.lower(byte))
            self = .start(read: Scanner.isSpace(byte) ? read : read + String(next), hasData: hasData)
        case (.path, _), (.query, _), (.code, _): break
        }
        return nil
    }

    mutating func passValue() {
        if case .start(let read, _) = self { self = .start(read: read, hasData: true) }
    }

    var verdict: HTMLPosition.Verdict {
        switch self {
        case .start: .escape(.urlStart)
        case .path: .escape(.urlPath)
        case .query: .escape(.urlQuery)
        case .code: .refused("a tag in a URL whose scheme is not one of http, https, mailto, tel, sms, whatsapp")
        }
    }

    /// The stricter of both.
    func joined(_ other: URLPosition) -> URLPosition {
        if self == other { return self }
        switch (self, other) {
        case (.code, _), (_, .code): return .code
        case (.start(let read, _), _), (_, .start(let read, _)): return .start(read: read, hasData: true)
        case (.query, _), (_, .query): return .query
        case (.path, .path): return .path
        }
    }

    /// Also names of a template's own, such as `data-href` and `data-image-url`, for scripts take them for URLs.
    static func isURL(attribute: String) -> Bool {
        var name = attribute[...]
        if name.hasPrefix("data-") { name = name.dropFirst(5) }
        if let colon = name.lastIndex(of: ":") { name = name[name.index(after: colon)...] }
        return attributes.contains(String(name)) || endings.contains { name.hasSuffix($0) }
    }

    private static let endings = ["href", "src", "url", "uri"]
    private static let attributes: Set<String> = [
        "action", "formaction", "poster", "cite", "background", "data", "ping", "manifest", "longdesc", "codebase",
        "classid", "archive", "code", "profile", "usemap", "icon", "lowsrc", "dynsrc", "altimg", "base",
        "attributionsrc",
    ]
}
