import HTTP

/// Whose word about the client is taken: the client address is the peer's unless the peer is one of these.
struct TrustedProxies: Sendable {
    /// The fields in which proxies speak of clients.
    static let fields = ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"]

    private let ranges: [AddressBlock]

    init(_ ranges: [AddressBlock]) { self.ranges = ranges }

    /// Puts the client's address and scheme in place of the proxy's. Of the chain of addresses the last that is not
    /// itself a trusted proxy counts: what stands before it was written by the client.
    /// - Returns: whether the peer is trusted.
    @discardableResult
    func resolve(_ request: Request, _ context: inout Context) -> Bool {
        guard trusts(context.clientAddress) else { return false }
        let said = Said(request.headers)
        var steps = 0
        for hop in said.hops.reversed() {
            guard let address = Said.address(hop) else { break }
            context.clientAddress = address
            if !trusts(address) { break }
            steps += 1
        }
        // Each proxy that adds to the list of addresses and to that of schemes adds one to both: the scheme of the
        // client stands as far from the end as its address. One that replaces the scheme leaves a single one.
        let place = said.schemes.count - 1 - min(steps, said.schemes.count - 1)
        context.isSecure = said.schemes.indices.contains(place) && said.schemes[place] == "https"
        return true
    }

    private func trusts(_ address: IPAddress) -> Bool { ranges.contains { $0.contains(address) } }

    /// The chains as the request carries them, the nearest proxy's word last.
    private struct Said {
        var hops: [String]
        var schemes: [String]

        /// `Forwarded` (RFC 7239) counts only where none of the older fields stands: a proxy that writes those lets a
        /// client's own `Forwarded` pass.
        init(_ headers: Headers) {
            hops = headers.tokens("X-Forwarded-For")
            schemes = headers.tokens("X-Forwarded-Proto")
            guard hops.isEmpty, schemes.isEmpty else { return }
            for element in headers.tokens("Forwarded") {
                let pairs = element.split(separator: ";").map { pair in
                    pair.split(separator: "=", maxSplits: 1).map { $0.filter { !" \t\"".contains($0) } }
                }
                func value(_ name: String) -> String { pairs.first { $0.count == 2 && $0[0] == name }?[1] ?? "" }
                hops.append(value("for"))
                schemes.append(value("proto"))
            }
        }

        /// `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::1`, `[2001:db8::1]:4711`; nil for `unknown` and the like.
        static func address(_ hop: String) -> IPAddress? {
            if hop.hasPrefix("[") { return IPAddress(String(hop.dropFirst().prefix { $0 != "]" })) }
            if let address = IPAddress(hop) { return address }
            let parts = hop.split(separator: ":", omittingEmptySubsequences: false)
            return parts.count == 2 ? IPAddress(String(parts[0])) : nil
        }
    }
}
