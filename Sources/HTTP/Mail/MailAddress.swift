/// An e-mail address as SMTP carries it bare: `name@example.com`. What could end a header's line or an SMTP command,
/// or needs quoting, is no address here.
package struct MailAddress: Sendable, Equatable, CustomStringConvertible {
    package let local: String
    package let domain: String

    /// Nil for what is not one plain address in ASCII.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, text.utf8.count <= 254 else { return nil }
        local = parts[0]
        domain = parts[1]
        guard Self.isLocal(local), Self.isDomain(domain) else { return nil }
    }

    package var description: String { local + "@" + domain }

    /// A `dot-atom` of RFC 5322.
    private static func isLocal(_ text: String) -> Bool {
        let atoms = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 64
            && atoms.allSatisfy { atom in
                !atom.isEmpty
                    && atom.allSatisfy {
                        $0.isASCII && ($0.isLetter || $0.isNumber || "!#$%&'*+-/=?^_`{|}~".contains($0))
                    }
            }
    }

    private static func isDomain(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        }
    }
}
