/// The part of a target after `?`: decoded pairs in order, repeated names kept, and the text as it came.
package struct QueryItems: Sendable {
    /// As it came, without the `?`; needed where a signature covers it.
    package let raw: String
    package let pairs: [(name: String, value: String)]

    package init(_ raw: String) {
        self.raw = raw
        pairs = URLEncoding.pairs(Array(raw.utf8))
    }

    /// The first value of that name; `?flag` is the empty string.
    package subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    package func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }
}
