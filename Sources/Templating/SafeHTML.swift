/// Markup that is known to be well-formed and safe, so that `{{{name}}}` may write it as it is.
///
/// It comes from a page template's own rendering, from a constant, or from code that takes the oath of `vouching`.
package struct SafeHTML: Sendable, Equatable {
    package let bytes: [UInt8]

    package init(constant: StaticString) {
        bytes = constant.withUTF8Buffer { Array($0) }
    }

    /// For markup that our own code drew (an SVG chart, a QR code) without a byte from outside left unescaped.
    package init(vouching bytes: [UInt8]) { self.bytes = bytes }
}
