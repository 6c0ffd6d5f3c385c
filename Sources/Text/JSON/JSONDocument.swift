import CText

/// A JSON text that was read: its values as a flat tape and the bytes of its strings and numbers. Never changes.
final class JSONDocument: Sendable {
    /// Comes first in every path (`order`), so that an error says of what it speaks.
    let name: String
    private let nodes: [ctext_json_node]
    private let text: [UInt8]

    init(parsing bytes: [UInt8], name: String, maximumDepth: Int) throws(JSONError) {
        self.name = name
        let result = bytes.withUnsafeBufferPointer {
            ctext_json_parse($0.baseAddress, $0.count, UInt32(clamping: maximumDepth))
        }
        if let problem = result.problem {
            throw JSONError(
                kind: result.too_deep ? .tooDeep : .malformed, path: name,
                message: String(cString: problem) + Self.words(for: result.place, in: bytes))
        }
        var text: [UInt8] = []
        nodes = Array(unsafeUninitializedCapacity: result.node_count) { nodes, nodeCount in
            text = Array(unsafeUninitializedCapacity: result.text_length) { text, textCount in
                ctext_json_take(nodes.baseAddress, text.baseAddress)
                textCount = result.text_length
            }
            nodeCount = result.node_count
        }
        self.text = text
    }

    /// ` (line 2, column 7)`, counted in bytes from 1; empty where the place is not known.
    private static func words(for place: Int, in bytes: [UInt8]) -> String {
        guard bytes.indices.contains(place) else { return "" }
        let before = bytes[..<place]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = place - (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1)
        return " (line \(line), column \(column))"
    }

    func kind(_ node: Int) -> JSON.Kind { JSON.Kind(rawValue: nodes[node].kind) ?? .null }

    /// An array's elements or an object's pairs.
    func count(_ node: Int) -> Int { Int(nodes[node].length) }

    /// The node after this one and all that is in it.
    func next(_ node: Int) -> Int { Int(nodes[node].next) }

    /// The unescaped text of a string, or a number's digits as they stood.
    func content(_ node: Int) -> String {
        let start = Int(nodes[node].start)
        return text.withUnsafeBufferPointer {
            String(decoding: $0[start..<start + Int(nodes[node].length)], as: UTF8.self)
        }
    }

    /// The value under `key` in the object at `node`. Of several the last one, as PHP and JavaScript read it.
    func value(_ key: String, in node: Int) -> Int? {
        var found: Int?
        var child = node + 1
        for _ in 0..<count(node) {
            let value = next(child)
            if isContent(of: child, key) { found = value }
            child = next(value)
        }
        return found
    }

    /// The element at `position` of the array at `node`.
    func element(_ position: Int, in node: Int) -> Int? {
        guard position >= 0, position < count(node) else { return nil }
        var child = node + 1
        for _ in 0..<position { child = next(child) }
        return child
    }

    /// The way from the root to a value, found again only when an error needs it.
    func path(to target: Int) -> String {
        var path = name
        var node = 0
        while node != target {
            let isObject = kind(node) == .object
            var child = node + 1
            for position in 0..<count(node) {
                let value = isObject ? next(child) : child
                if target < next(value) {
                    path = isObject ? Self.path(path, content(child)) : Self.path(path, position)
                    child = value
                    break
                }
                child = next(value)
            }
            node = child
        }
        return path
    }

    static func path(_ path: String, _ key: String) -> String { path.isEmpty ? key : path + "." + key }
    static func path(_ path: String, _ position: Int) -> String { path + "[\(position)]" }

    private func isContent(of node: Int, _ key: String) -> Bool {
        let start = Int(nodes[node].start)
        let length = Int(nodes[node].length)
        return key.utf8.count == length && text[start..<start + length].elementsEqual(key.utf8)
    }
}
