/// A value in a JSON text: asked for by key and position, read as what it should be.
///
/// Looking at something that is not there is no error: `order["billing"]["phone"].string` is then nil. Where a
/// value has to be there, `try order["billing"]["phone"].expectString()` throws and names the place.
/// A value keeps its whole document alive; a copy costs one retain.
package struct JSON: Sendable {
    /// The numbers are those of `ctext_json_node.kind`.
    package enum Kind: UInt32, Sendable {
        case null, `false`, `true`, number, string, array, object
    }

    /// How many arrays and objects may stand in each other.
    package static let maximumDepth = 128

    private let document: JSONDocument
    /// Nil when there is no such value; `absentPath` is then where it was looked for.
    private let node: Int?
    private let absentPath: String

    /// Reads a whole text: strict RFC 8259, valid UTF-8, no byte order mark. Of a key that comes twice in an
    /// object the last value counts.
    ///
    /// - Parameter name: what the text is (`order`); it begins the path in errors.
    package init(parsing bytes: [UInt8], name: String = "") throws(JSONError) {
        document = try JSONDocument(parsing: bytes, name: name, maximumDepth: Self.maximumDepth)
        node = 0
        absentPath = ""
    }

    package init(parsing text: String, name: String = "") throws(JSONError) {
        try self.init(parsing: Array(text.utf8), name: name)
    }

    private init(_ document: JSONDocument, _ node: Int) {
        self.document = document
        self.node = node
        absentPath = ""
    }

    private init(_ document: JSONDocument, absentAt path: String) {
        self.document = document
        node = nil
        absentPath = path
    }

    package subscript(key: String) -> JSON {
        if let node, document.kind(node) == .object, let value = document.value(key, in: node) {
            return JSON(document, value)
        }
        return JSON(document, absentAt: JSONDocument.path(path, key))
    }

    /// Walks over the elements before it: go through `array` rather than count.
    package subscript(position: Int) -> JSON {
        if let node, document.kind(node) == .array, let element = document.element(position, in: node) {
            return JSON(document, element)
        }
        return JSON(document, absentAt: JSONDocument.path(path, position))
    }

    /// Nil when there is no such value.
    package var kind: Kind? { node.map(document.kind) }

    package var exists: Bool { node != nil }

    /// True for `null`, false when absent.
    package var isNull: Bool { kind == .null }

    package var string: String? { content(of: .string) }

    /// A number's digits exactly as they stood (`19.90`, `12345678901234567890`, `1e3`): for ids and prices.
    package var rawNumber: String? { content(of: .number) }

    /// A string, or a number's digits: for ids and amounts that senders write either way.
    package var stringOrNumber: String? { string ?? rawNumber }

    /// A number without fraction or exponent that fits.
    package var int: Int? { rawNumber.flatMap { Int($0) } }

    /// The nearest double; nil also for a number beyond its range.
    package var double: Double? { rawNumber.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil } }

    package var bool: Bool? {
        switch kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    package var array: [JSON]? {
        guard let node, document.kind(node) == .array else { return nil }
        var elements: [JSON] = []
        elements.reserveCapacity(document.count(node))
        var child = node + 1
        for _ in 0..<document.count(node) {
            elements.append(JSON(document, child))
            child = document.next(child)
        }
        return elements
    }

    /// The pairs in the order of the text, a key that comes twice also here twice.
    package var object: [(key: String, value: JSON)]? {
        guard let node, document.kind(node) == .object else { return nil }
        var pairs: [(key: String, value: JSON)] = []
        pairs.reserveCapacity(document.count(node))
        var child = node + 1
        for _ in 0..<document.count(node) {
            let value = document.next(child)
            pairs.append((document.content(child), JSON(document, value)))
            child = document.next(value)
        }
        return pairs
    }

    /// Where the value stands, or was looked for: `order.line_items[2].id`.
    package var path: String { node.map(document.path) ?? absentPath }

    private func content(of kind: Kind) -> String? {
        guard let node, document.kind(node) == kind else { return nil }
        return document.content(node)
    }
}

extension JSON {
    package func expectString() throws(JSONError) -> String { try expect(string, "text") }
    package func expectRawNumber() throws(JSONError) -> String { try expect(rawNumber, "a number") }
    package func expectStringOrNumber() throws(JSONError) -> String { try expect(stringOrNumber, "text or a number") }
    package func expectInt() throws(JSONError) -> Int { try expect(int, "a whole number") }
    package func expectDouble() throws(JSONError) -> Double { try expect(double, "a number") }
    package func expectBool() throws(JSONError) -> Bool { try expect(bool, "true or false") }
    package func expectArray() throws(JSONError) -> [JSON] { try expect(array, "a list") }
    package func expectObject() throws(JSONError) -> [(key: String, value: JSON)] { try expect(object, "an object") }

    private func expect<Value>(_ value: Value?, _ what: String) throws(JSONError) -> Value {
        guard let value else {
            throw JSONError(kind: .unexpected, path: path, message: "expected \(what)")
        }
        return value
    }
}
