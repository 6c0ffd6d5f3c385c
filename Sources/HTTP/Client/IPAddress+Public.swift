extension IPAddress {
    /// The address in libcurl's callbacks: 4 or 16 bytes.
    init?(octets: UnsafeBufferPointer<UInt8>) {
        switch octets.count {
        case 4: self.init(bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff] + octets)
        case 16: self.init(bytes: octets)
        default: return nil
        }
    }

    /// False for every address that leads into a private, local or special network (the IANA special-purpose
    /// registries, RFC 6890), also when it is wrapped in an IPv6 address.
    package var isPublic: Bool {
        if isIPv4 { return !Self.special4.contains { $0.contains(self) } }
        if let wrapped { return wrapped.isPublic }
        return Self.global6.contains { $0.contains(self) } && !Self.special6.contains { $0.contains(self) }
    }

    /// The IPv4 address that a NAT64 (64:ff9b::/96) or 6to4 (2002::/16) address leads to.
    private var wrapped: IPAddress? {
        let four: UInt64? =
            if high == 0x0064_ff9b_0000_0000, low >> 32 == 0 {
                low
            } else if high >> 48 == 0x2002 {
                high >> 16 & 0xffff_ffff
            } else {
                nil
            }
        return four.map { IPAddress(high: 0, low: 0xffff_0000_0000 | $0) }
    }

    private static let special4 = blocks(
        "0.0.0.0/8",  // this network
        "10.0.0.0/8",  // private
        "100.64.0.0/10",  // carrier-grade NAT
        "127.0.0.0/8",  // loopback
        "169.254.0.0/16",  // link-local, cloud metadata
        "172.16.0.0/12",  // private
        "192.0.0.0/24",  // protocol assignments
        "192.0.2.0/24",  // documentation
        "192.168.0.0/16",  // private
        "198.18.0.0/15",  // benchmarks
        "198.51.100.0/24",  // documentation
        "203.0.113.0/24",  // documentation
        "224.0.0.0/4",  // multicast
        "240.0.0.0/4")  // reserved, broadcast

    /// Only this block is given out as global unicast: loopback, unique local, link-local and multicast addresses
    /// lie outside of it.
    private static let global6 = blocks("2000::/3")
    private static let special6 = blocks(
        "2001::/23",  // protocol assignments, Teredo
        "2001:db8::/32",  // documentation
        "3fff::/20")  // documentation

    /// A block that cannot be read would open a hole; the table's test has an address of each.
    private static func blocks(_ texts: String...) -> [AddressBlock] { texts.compactMap { AddressBlock($0) } }
}
