/// The hosts that a caller may reach. A plugin's declarations and the admin's own settings make it; nothing else
/// is ever connected to.
package struct AllowedHosts: Sendable, Equatable {
    /// Hosts of the public internet that the program's declarations name.
    package var declared: Set<String>
    /// Hosts that the admin wrote into a setting: they may also have a private address.
    package var namedByAdmin: Set<String>

    package init(declared: Set<String> = [], namedByAdmin: Set<String> = []) {
        self.declared = Set(declared.map(Self.canonical))
        self.namedByAdmin = Set(namedByAdmin.map(Self.canonical))
    }

    package func contains(_ host: String) -> Bool {
        declared.contains(Self.canonical(host)) || mayBePrivate(host)
    }

    package func mayBePrivate(_ host: String) -> Bool { namedByAdmin.contains(Self.canonical(host)) }

    /// Lower case, without the root's dot and without an IPv6 literal's brackets.
    private static func canonical(_ host: String) -> String {
        var text = host.lowercased()[...]
        if text.hasSuffix(".") { text.removeLast() }
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        return String(text)
    }
}
