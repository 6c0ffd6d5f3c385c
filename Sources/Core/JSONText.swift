/// The one rule for putting text into JSON (RFC 8259), shared by the log and the JSON writer.
package enum JSONText {
    package static func quoted(_ text: String) -> String {
        var out: [UInt8] = []
        append(text, to: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// Appends `text` as a JSON string. Control characters are escaped, and so are `<`, `>`, `&`, U+2028 and
    /// U+2029, so that the result may also stand inside an HTML page's script data.
    package static func append(_ text: String, to out: inout [UInt8]) {
        var text = text
        out.append(UInt8(ascii: "\""))
        text.withUTF8 { write(escaping: $0) { out.append(contentsOf: $0) } }
        out.append(UInt8(ascii: "\""))
    }

    /// The inside of a JSON string, piece by piece: whole runs up to the next byte that needs an escape.
    package static func write(
        escaping bytes: UnsafeBufferPointer<UInt8>, to write: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        var copied = 0
        var i = 0
        while i < bytes.count {
            let escape: StaticString?
            var length = 1
            switch bytes[i] {
            case UInt8(ascii: "\""): escape = #"\""#
            case UInt8(ascii: "\\"): escape = #"\\"#
            case UInt8(ascii: "\n"): escape = #"\n"#
            case UInt8(ascii: "\r"): escape = #"\r"#
            case UInt8(ascii: "\t"): escape = #"\t"#
            case UInt8(ascii: "<"): escape = #"\u003c"#
            case UInt8(ascii: ">"): escape = #"\u003e"#
            case UInt8(ascii: "&"): escape = #"\u0026"#
            case 0x7F: escape = #"\u007f"#
            case 0xE2 where i + 2 < bytes.count && bytes[i + 1] == 0x80 && bytes[i + 2] & 0xFE == 0xA8:
                escape = bytes[i + 2] == 0xA8 ? #"\u2028"# : #"\u2029"#
                length = 3
            case 0..<0x20:
                write(UnsafeBufferPointer(rebasing: bytes[copied..<i]))
                writeControl(bytes[i], to: write)
                i += 1
                copied = i
                continue
            default: escape = nil
            }
            if let escape {
                write(UnsafeBufferPointer(rebasing: bytes[copied..<i]))
                escape.withUTF8Buffer(write)
                i += length
                copied = i
            } else {
                i += 1
            }
        }
        write(UnsafeBufferPointer(rebasing: bytes[copied...]))
    }

    private static func writeControl(_ byte: UInt8, to write: (UnsafeBufferPointer<UInt8>) -> Void) {
        let digits: StaticString = "0123456789abcdef"
        let begin: StaticString = #"\u00"#
        begin.withUTF8Buffer(write)
        digits.withUTF8Buffer { digits in
            write(UnsafeBufferPointer(rebasing: digits[Int(byte >> 4)...Int(byte >> 4)]))
            write(UnsafeBufferPointer(rebasing: digits[Int(byte & 15)...Int(byte & 15)]))
        }
    }
}
