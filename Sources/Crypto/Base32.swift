/// RFC 4648, section 6: letters and digits that nobody mistakes for one another, for what people copy by hand.
package enum Base32 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// Without padding, which authenticator apps do not want.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var group: UInt16 = 0
        var bits = 0
        for byte in bytes {
            group = group << 8 | UInt16(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(digits[Int(group >> UInt16(bits) & 31)])
            }
        }
        if bits > 0 { text.append(digits[Int(group << UInt16(5 - bits) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }
}
