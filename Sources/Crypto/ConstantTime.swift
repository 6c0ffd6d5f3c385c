import CCrypto

/// Comparison that does not tell by its duration how much was right.
package enum ConstantTime {
    /// The lengths may show; the contents do not.
    package static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.count == b.count && ccrypto_equal(a, b, a.count)
    }

    package static func equal(_ a: String, _ b: String) -> Bool { equal(Array(a.utf8), Array(b.utf8)) }
}
