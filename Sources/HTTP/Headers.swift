/// The fields of a request or response: in order, names case-insensitive, repeated names kept.
package struct Headers: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// One line. Names keep the case they were given.
    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var fields: [Field]

    package init(_ fields: [Field] = []) { self.fields = fields }

    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field(name: $0, value: $1) }
    }

    /// The first value of that name; setting replaces all of them, setting nil removes them.
    package subscript(name: String) -> String? {
        get { fields.first { Self.same($0.name, name) }?.value }
        set {
            guard let newValue else { return fields.removeAll { Self.same($0.name, name) } }
            let field = Field(name: name, value: newValue)
            guard let first = fields.firstIndex(where: { Self.same($0.name, name) }) else {
                return fields.append(field)
            }
            fields[first] = field
            let rest = fields[(first + 1)...].filter { !Self.same($0.name, name) }
            fields.replaceSubrange((first + 1)..., with: rest)
        }
    }

    /// All values of that name, in order.
    package func all(_ name: String) -> [String] {
        fields.filter { Self.same($0.name, name) }.map(\.value)
    }

    /// Adds a line and keeps those of the same name.
    package mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// The members of a comma-separated list field over all its lines, trimmed and lower-cased.
    package func tokens(_ name: String) -> [String] {
        all(name).flatMap { $0.split(separator: ",") }.map { Self.trim($0).lowercased() }.filter { !$0.isEmpty }
    }

    /// ASCII case-insensitive equality, without making lower-cased copies.
    package static func same(_ a: String, _ b: String) -> Bool {
        guard a.utf8.count == b.utf8.count else { return false }
        return zip(a.utf8, b.utf8).allSatisfy { $0 == $1 || ($0 ^ $1 == 0x20 && (0x61...0x7a).contains($0 | 0x20)) }
    }

    /// Without spaces and tabs at both ends (the optional white space of RFC 9110, 5.6.3).
    static func trim(_ text: Substring) -> String {
        var bytes = text.utf8[...]
        while bytes.first == 0x20 || bytes.first == 0x09 { bytes.removeFirst() }
        while bytes.last == 0x20 || bytes.last == 0x09 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
