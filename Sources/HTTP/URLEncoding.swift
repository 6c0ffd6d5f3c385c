/// Percent-encoding (RFC 3986, 2.1) and the name=value pairs of queries and forms (WHATWG URL, 5.1).
package enum URLEncoding {
    /// Everything but letters, digits and `-._~` becomes `%XX`: safe in a path segment, a query and a form.
    package static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: out.append(byte)
            default: out.append(contentsOf: [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// `a=1&b=2` from pairs.
    package static func encode(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
    }

    /// Nil when a `%` is not followed by two hexadecimal digits.
    static func decode(_ bytes: some Collection<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var rest = bytes.makeIterator()
        while let byte = rest.next() {
            guard byte == 0x25 else {
                out.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(hexValue), let low = rest.next().flatMap(hexValue) else { return nil }
            out.append(high << 4 | low)
        }
        return out
    }

    /// The pairs in order. Forgiving, as browsers are: `+` is a space, a stray `%` stands for itself, bytes that
    /// are not UTF-8 are replaced, empty pieces are skipped.
    static func pairs(_ bytes: some Collection<UInt8>) -> [(name: String, value: String)] {
        bytes.split(separator: UInt8(ascii: "&")).map { piece in
            let halves = piece.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return (text(halves[0]), halves.count == 2 ? text(halves[1]) : "")
        }
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String {
        let source = Array(bytes)
        var out: [UInt8] = []
        out.reserveCapacity(source.count)
        var i = 0
        while i < source.count {
            if source[i] == 0x25, i + 2 < source.count, let high = hexValue(source[i + 1]),
                let low = hexValue(source[i + 2])
            {
                out.append(high << 4 | low)
                i += 3
            } else {
                out.append(source[i] == UInt8(ascii: "+") ? 0x20 : source[i])
                i += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
