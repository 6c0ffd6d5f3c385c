/// The fields of an `application/x-www-form-urlencoded` body: in order, repeated names kept.
package struct Form: Sendable {
    package let pairs: [(name: String, value: String)]

    package init(_ pairs: [(name: String, value: String)] = []) { self.pairs = pairs }

    package init(decoding body: [UInt8]) { pairs = URLEncoding.pairs(body) }

    package subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    package func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// The body that decodes to this form.
    package var encoded: [UInt8] { Array(URLEncoding.encode(pairs).utf8) }
}
