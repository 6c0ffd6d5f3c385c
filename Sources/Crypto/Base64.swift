extension Array<UInt8> {
    /// RFC 4648, section 4, with padding.
    package var base64: String { Base64.standard.encode(self) }

    /// RFC 4648, section 5, without padding.
    package var base64URL: String { Base64.urlSafe.encode(self) }

    /// Reads what `base64` writes and nothing else: padded, no white space, no stray bits. So a text has one form.
    package init?(base64 text: String) {
        guard let bytes = Base64.standard.decode(text) else { return nil }
        self = bytes
    }

    /// Reads what `base64URL` writes and nothing else.
    package init?(base64URL text: String) {
        guard let bytes = Base64.urlSafe.decode(text) else { return nil }
        self = bytes
    }
}

/// One of the two alphabets of RFC 4648 with its padding rule.
private struct Base64 {
    static let standard = Base64(last: "+/", isPadded: true)
    static let urlSafe = Base64(last: "-_", isPadded: false)

    private static let padding = UInt8(ascii: "=")
    private static let none: UInt8 = 255
    private let digits: [UInt8]
    /// The value of each byte; 255 for what is no digit.
    private let values: [UInt8]
    private let isPadded: Bool

    private init(last: String, isPadded: Bool) {
        digits = Array(("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + last).utf8)
        var values = Array(repeating: Self.none, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        self.values = values
        self.isPadded = isPadded
    }

    func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let present = min(3, bytes.count - start)
            var group: UInt32 = 0
            for i in 0..<3 { group = group << 8 | (i < present ? UInt32(bytes[start + i]) : 0) }
            for i in 0..<4 {
                if i <= present {
                    text.append(digits[Int(group >> UInt32(18 - 6 * i) & 63)])
                } else if isPadded {
                    text.append(Self.padding)
                }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    func decode(_ text: String) -> [UInt8]? {
        var input = Array(text.utf8)[...]
        if isPadded {
            guard input.count.isMultiple(of: 4) else { return nil }
            for _ in 0..<2 where input.last == Self.padding { input = input.dropLast() }
        }
        guard input.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(input.count * 3 / 4)
        var group: UInt32 = 0
        var bits = 0
        for byte in input {
            let value = values[Int(byte)]
            guard value != Self.none else { return nil }
            group = group << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
            }
        }
        guard group & (1 << UInt32(bits) - 1) == 0 else { return nil }
        return bytes
    }
}
