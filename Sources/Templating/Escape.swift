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

    private static let safeSchemes: [StaticString] = ["http", "https", "mailto", "tel", "sms", "whatsapp"]

    /// - Parameter scheme: in any case.
    static func isSafe(scheme: UnsafeBufferPointer<UInt8>) -> Bool {
        safeSchemes.contains { safe in
            safe.utf8CodeUnitCount == scheme.count
                && safe.withUTF8Buffer { zip($0, scheme).allSatisfy { $0 == HTMLPosition.lower($1) } }
        }
    }

    func append(_ text: String, to out: inout Output) {
        if text.utf8.withContiguousStorageIfAvailable({ append($0, to: &out) }) == nil {
            var copy = text
            copy.withUTF8 { append($0, to: &out) }
        }
    }

    func append(_ bytes: UnsafeBufferPointer<UInt8>, to out: inout Output) {
        switch self {
        case .none: out.append(bytes)
        case .plain, .html, .comment: appendReferences(bytes, to: &out)
        case .urlStart:
            if Self.isSafeURL(bytes) {
                Self.encode(bytes, to: &out, keeping: Self.isURLByte)
            } else {
                out.append("about:invalid")
            }
        case .urlPath: Self.encode(bytes, to: &out, keeping: Self.isPathByte)
        case .urlQuery: Self.encode(bytes, to: &out, keeping: Self.isUnreserved)
        case .json:
            out.append(UInt8(ascii: "\""))
            appendJSON(bytes, to: &out)
            out.append(UInt8(ascii: "\""))
        case .jsonString: appendJSON(bytes, to: &out)
        }
    }

    private func appendJSON(_ bytes: UnsafeBufferPointer<UInt8>, to out: inout Output) {
        JSONText.write(escaping: bytes) { out.append($0) }
    }

    /// The bytes that become references, as a set of bits: all are below 64.
    private var specialBytes: UInt64 {
        switch self {
        case .plain: Self.markup
        case .comment: Self.markup | Self.bit("'") | Self.bit("-")
        default: Self.markup | Self.bit("'")
        }
    }

    private static var markup: UInt64 { bit("&") | bit("<") | bit(">") | bit("\"") }
    private static func bit(_ character: Unicode.Scalar) -> UInt64 { 1 << UInt64(character.value) }

    private func appendReferences(_ bytes: UnsafeBufferPointer<UInt8>, to out: inout Output) {
        let special = specialBytes
        var copied = 0
        for i in bytes.indices where bytes[i] < 64 && special >> UInt64(bytes[i]) & 1 == 1 {
            out.append(UnsafeBufferPointer(rebasing: bytes[copied..<i]))
            out.append(Self.reference(bytes[i]))
            copied = i + 1
        }
        out.append(UnsafeBufferPointer(rebasing: bytes[copied...]))
    }

    private static func reference(_ byte: UInt8) -> StaticString {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        default: "&#45;"
        }
    }

    /// Percent-encodes what is not kept; `&` that is kept becomes a reference, as URLs here stand in attributes.
    private static func encode(
        _ bytes: UnsafeBufferPointer<UInt8>, to out: inout Output, keeping isKept: (UInt8) -> Bool
    ) {
        for byte in bytes {
            if byte == UInt8(ascii: "&"), isKept(byte) {
                out.append("&amp;")
            } else if isKept(byte) {
                out.append(byte)
            } else {
                appendEncoded(byte, to: &out)
            }
        }
    }

    private static func appendEncoded(_ byte: UInt8, to out: inout Output) {
        let digits: StaticString = "0123456789ABCDEF"
        out.append(UInt8(ascii: "%"))
        digits.withUTF8Buffer {
            out.append($0[Int(byte >> 4)])
            out.append($0[Int(byte & 15)])
        }
    }

    /// No scheme, or one of the safe ones. Browsers skip white space and control bytes around a scheme, so a scheme
    /// that is not exactly a safe one is not safe.
    private static func isSafeURL(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for (i, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: ":"): return isSafe(scheme: UnsafeBufferPointer(rebasing: bytes[..<i]))
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
