/// Where in a URL the compiler stands: it decides whether data may still bring a scheme, and what is encoded.
enum URLPosition: Hashable {
    /// Nothing has ended the scheme yet; `read` is the constant text so far.
    case start(read: String, hasData: Bool)
    case path
    /// After `?` or `#`.
    case query
    /// In a URL that is code.
    case code

    mutating func advance(_ byte: UInt8) {
        switch (self, byte) {
        case (.start, UInt8(ascii: "/")): self = .path
        case (.start, UInt8(ascii: "?")), (.start, UInt8(ascii: "#")), (.path, UInt8(ascii: "?")),
            (.path, UInt8(ascii: "#")):
            self = .query
        case (.start(let read, let hasData), UInt8(ascii: ":")):
            // A scheme that data has a part in is not one that the author chose.
            self = hasData || !Escape.safeSchemes.contains(Array(read.utf8)) ? .code : .path
        case (.start(let read, let hasData), _):
            let next = Unicode.Scalar(HTMLPosition.lower(byte))
            self = .start(read: Scanner.isSpace(byte) ? read : read + String(next), hasData: hasData)
        case (.path, _), (.query, _), (.code, _): break
        }
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

    static func isURL(attribute: String) -> Bool {
        var name = attribute[...]
        if name.hasPrefix("data-") { name = name.dropFirst(5) }
        if name.hasPrefix("xlink:") { name = name.dropFirst(6) }
        return attributes.contains(String(name))
    }

    private static let attributes: Set<String> = [
        "href", "src", "action", "formaction", "poster", "cite", "background", "data", "ping", "manifest", "longdesc",
    ]
}

/// Where in a script the compiler stands. Only JSON takes data; there it matters whether a string is open.
struct ScriptPosition: Hashable {
    /// The type attribute, lower case; empty when there is none.
    var type = ""
    private var isInString = false
    /// After a backslash in a string.
    private(set) var isEscaping = false

    mutating func advance(_ byte: UInt8) {
        guard isJSON else { return }
        if isEscaping {
            isEscaping = false
        } else if byte == UInt8(ascii: "\"") {
            isInString.toggle()
        } else if byte == UInt8(ascii: "\\"), isInString {
            isEscaping = true
        }
    }

    private var isJSON: Bool { type == "application/json" || type == "application/ld+json" }

    var verdict: HTMLPosition.Verdict {
        if !isJSON { return .refused("a tag in a script that is not JSON") }
        if isEscaping { return .refused("a tag after a backslash") }
        return .escape(isInString ? .jsonString : .json)
    }
}
