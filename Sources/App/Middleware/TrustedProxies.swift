import HTTP

/// Whose word about the client is taken: the client address is the peer's unless the peer is one of these.
struct TrustedProxies: Sendable {
    private let ranges: [AddressBlock]

    init(_ ranges: [AddressBlock]) { self.ranges = ranges }

    /// Puts the client's address and scheme in place of the proxy's. Of `X-Forwarded-For` the last address that is
    /// not itself a trusted proxy counts: what stands before it was written by the client.
    func resolve(_ request: Request, _ context: inout Context) {
        guard trusts(context.clientAddress) else { return }
        context.isSecure = request.headers["X-Forwarded-Proto"]?.lowercased() == "https"
        let hops = request.headers.all("X-Forwarded-For").flatMap { $0.split(separator: ",") }
        for hop in hops.reversed() {
            guard let address = IPAddress(String(hop.filter { $0 != " " })) else { return }
            context.clientAddress = address
            if !trusts(address) { return }
        }
    }

    private func trusts(_ address: IPAddress) -> Bool { ranges.contains { $0.contains(address) } }
}
