/// Addresses that share their first bits: `10.0.0.0/8`, `2001:db8::/32`, or a single address.
package struct AddressRange: Sendable, Equatable {
    private let first: IPAddress
    /// Of 128; an IPv4 range counts from its mapped form.
    private let bits: Int

    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = IPAddress(String(parts[0])) else { return nil }
        let most = address.isIPv4 ? 32 : 128
        var bits = most
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...most).contains(given), String(given) == parts[1] else { return nil }
            bits = given
        }
        first = address
        self.bits = bits + 128 - most
    }

    package func contains(_ address: IPAddress) -> Bool {
        let highMask = bits >= 64 ? UInt64.max : ~(UInt64.max >> UInt64(bits))
        let lowMask = bits <= 64 ? 0 : (bits >= 128 ? UInt64.max : ~(UInt64.max >> UInt64(bits - 64)))
        return (address.high ^ first.high) & highMask == 0 && (address.low ^ first.low) & lowMask == 0
    }
}
