/// An IPv4 or IPv6 address. IPv4 is kept in its IPv6-mapped form, so both compare alike.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// The sixteen bytes in network order, as two halves.
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(bytes: some Sequence<UInt8>) {
        let all = Array(bytes)
        high = all.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        low = all.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    package static let loopback = IPAddress(high: 0, low: 0xffff_7f00_0001)

    package var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

    /// Reads `203.0.113.7` and every form of RFC 4291, 2.2, without zone; nil for anything else.
    package init?(_ text: String) {
        if let four = Self.ipv4(text[...]) {
            self.init(high: 0, low: 0xffff_0000_0000 | UInt64(four))
            return
        }
        guard let groups = Self.groups(text) else { return nil }
        self.init(bytes: groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] })
    }

    /// The canonical form of RFC 5952; IPv4 as four numbers.
    package var description: String {
        if isIPv4 { return [24, 16, 8, 0].map { String(low >> UInt64($0) & 255) }.joined(separator: ".") }
        let groups = [high, low].flatMap { half in [48, 32, 16, 0].map { half >> UInt64($0) & 0xffff } }
        let zeros = Self.longestZeros(groups)
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard zeros.count > 1 else { return text(0..<8) }
        return text(0..<zeros.lowerBound) + "::" + text(zeros.upperBound..<8)
    }

    private static func longestZeros(_ groups: [UInt64]) -> Range<Int> {
        var best = 0..<0
        var start = 0
        for i in 0...8 where i == 8 || groups[i] != 0 {
            if i - start > best.count { best = start..<i }
            start = i + 1
        }
        return best
    }

    private static func ipv4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard let number = UInt8(part), String(number) == part else { return nil }
            value = value << 8 | UInt32(number)
        }
        return value
    }

    private static func groups(_ text: String) -> [UInt16]? {
        let sides = text.split(separator: "::", omittingEmptySubsequences: false)
        guard (1...2).contains(sides.count) else { return nil }
        var parsed: [[UInt16]] = []
        for (i, side) in sides.enumerated() {
            guard let groups = sequence(side, mayEndWithIPv4: i == sides.count - 1) else { return nil }
            parsed.append(groups)
        }
        if sides.count == 1 { return parsed[0].count == 8 ? parsed[0] : nil }
        let missing = 8 - parsed[0].count - parsed[1].count
        guard missing >= 1 else { return nil }
        return parsed[0] + [UInt16](repeating: 0, count: missing) + parsed[1]
    }

    private static func sequence(_ text: Substring, mayEndWithIPv4: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (i, part) in parts.enumerated() {
            if i == parts.count - 1, mayEndWithIPv4, let four = ipv4(part) {
                groups += [UInt16(four >> 16), UInt16(four & 0xffff)]
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ URLEncoding.hexValue($0) != nil }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups.count <= 8 ? groups : nil
    }
}

/// A block of addresses, written `10.0.0.0/8`, `2001:db8::/32` or a single address.
package struct AddressBlock: Sendable, Hashable {
    private let base: IPAddress
    private let bits: Int

    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let base = IPAddress(String(parts[0])) else { return nil }
        let width = base.isIPv4 ? 32 : 128
        var bits = width
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...width).contains(given), String(given) == parts[1] else { return nil }
            bits = given
        }
        self.base = base
        self.bits = bits + 128 - width
    }

    package func contains(_ address: IPAddress) -> Bool {
        func differs(_ a: UInt64, _ b: UInt64, _ bits: Int) -> Bool {
            bits > 0 && (a ^ b) >> UInt64(64 - min(bits, 64)) != 0
        }
        return !differs(base.high, address.high, bits) && !differs(base.low, address.low, bits - 64)
    }
}
