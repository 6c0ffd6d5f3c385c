import Core

/// How text becomes part of the output.
enum Escape: UInt8, Hashable {
    case none
    /// Mustache's own: `& < > "`.
    case plain
    /// Text and quoted attributes of pages: also `'`.
    case html
    /// Also `-`, which could end a comment.
    case comment
    /// A whole URL or its start: schemes that are not safe are replaced.
    case urlStart
    case urlPath
    case urlQuery
    /// A JSON value.
    case json
    /// The inside of a JSON string.
    case jsonString

    static let safeSchemes: Set<[UInt8]> = Set(
        ["http", "https", "mailto", "tel", "sms", "whatsapp"].map { Array($0.utf8) })

    /// What stands in place of a URL that would run code.
    private static let refusedURL = Array("about:invalid".utf8)

    func append(_ text: String, to out: inout [UInt8]) {
        var text = text
        text.withUTF8 { append($0, to: &out) }
    }

    func append(_ bytes: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        switch self {
        case .none: out.append(contentsOf: bytes)
        case .plain, .html, .comment: appendReferences(bytes, to: &out)
        case .urlStart:
            if Self.isSafeURL(bytes) {
                Self.encode(bytes, to: &out, keeping: Self.isURLByte)
            } else {
                out.append(contentsOf: Self.refusedURL)
            }
        case .urlPath: Self.encode(bytes, to: &out, keeping: Self.isPathByte)
        case .urlQuery: Self.encode(bytes, to: &out, keeping: Self.isUnreserved)
        case .json: JSONText.append(String(decoding: bytes, as: UTF8.self), to: &out)
        case .jsonString:
            let start = out.count
            JSONText.append(String(decoding: bytes, as: UTF8.self), to: &out)
            out.remove(at: start)
            out.removeLast()
        }
    }

    private func appendReferences(_ bytes: UnsafeBufferPointer<UInt8>, to out: inout [UInt8]) {
        var copied = 0
        for i in bytes.indices {
            let reference: StaticString
            switch bytes[i] {
            case UInt8(ascii: "&"): reference = "&amp;"
            case UInt8(ascii: "<"): reference = "&lt;"
            case UInt8(ascii: ">"): reference = "&gt;"
            case UInt8(ascii: "\""): reference = "&quot;"
            case UInt8(ascii: "'") where self != .plain: reference = "&#39;"
            case UInt8(ascii: "-") where self == .comment: reference = "&#45;"
            default: continue
            }
            out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied..<i]))
            reference.withUTF8Buffer { out.append(contentsOf: $0) }
            copied = i + 1
        }
        out.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[copied...]))
    }

    /// Percent-encodes what is not kept; `&` that is kept becomes a reference, as URLs here stand in attributes.
    private static func encode(
        _ bytes: UnsafeBufferPointer<UInt8>, to out: inout [UInt8], keeping isKept: (UInt8) -> Bool
    ) {
        for byte in bytes {
            if byte == UInt8(ascii: "&"), isKept(byte) {
                out.append(contentsOf: "&amp;".utf8)
            } else if isKept(byte) {
                out.append(byte)
            } else {
                appendEncoded(byte, to: &out)
            }
        }
    }

    static func appendEncoded(_ byte: UInt8, to out: inout [UInt8]) {
        let digits: StaticString = "0123456789ABCDEF"
        out.append(UInt8(ascii: "%"))
        digits.withUTF8Buffer { out.append(contentsOf: [$0[Int(byte >> 4)], $0[Int(byte & 15)]]) }
    }

    /// No scheme, or one of the safe ones. Browsers skip white space and control bytes around a scheme, so a scheme
    /// that is not exactly a safe one is not safe.
    private static func isSafeURL(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for (i, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: ":"): return safeSchemes.contains(bytes[..<i].map(HTMLPosition.lower))
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return true
            default: continue
            }
        }
        return true
    }

    /// RFC 3986, 2.3.
    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "+"), UInt8(ascii: "@"), UInt8(ascii: ":"), UInt8(ascii: ","): true
        default: isUnreserved(byte)
        }
    }

    /// Everything that has a place in a URL, also `%`, for text that is encoded already; not the quotes.
    private static func isURLByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "'"): false
        case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "?"),
            UInt8(ascii: "@"), UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: isUnreserved(byte)
        }
    }
}
