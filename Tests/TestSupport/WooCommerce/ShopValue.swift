package import Text

/// A JSON value that can be changed: what the doubled shop keeps of its orders, notes and coupons.
///
/// Written as WordPress writes: compact, ASCII only (`\u00f1`), slashes escaped.
package indirect enum ShopValue: Sendable, Equatable {
    package struct Field: Sendable, Equatable {
        package var key: String
        package var value: ShopValue
    }

    case null
    case bool(Bool)
    /// The digits as they stand.
    case number(String)
    case text(String)
    case list([ShopValue])
    case object([Field])

    package static func number(_ value: Int) -> ShopValue { .number(String(value)) }

    package static func object(_ pairs: KeyValuePairs<String, ShopValue>) -> ShopValue {
        .object(pairs.map { Field(key: $0.key, value: $0.value) })
    }

    package init(_ json: JSON) {
        if let pairs = json.object {
            self = .object(pairs.map { Field(key: $0.key, value: ShopValue($0.value)) })
        } else if let elements = json.array {
            self = .list(elements.map(ShopValue.init))
        } else if let number = json.rawNumber {
            self = .number(number)
        } else if let flag = json.bool {
            self = .bool(flag)
        } else {
            self = json.string.map(ShopValue.text) ?? .null
        }
    }

    /// Nil when the text is no JSON.
    package init?(parsing text: String) {
        guard let json = try? JSON(parsing: text) else { return nil }
        self.init(json)
    }

    /// Null where there is no such field. Setting a new one puts it at the end.
    package subscript(key: String) -> ShopValue {
        get {
            guard case .object(let fields) = self else { return .null }
            return fields.first { $0.key == key }?.value ?? .null
        }
        set {
            guard case .object(var fields) = self else { return }
            if let place = fields.firstIndex(where: { $0.key == key }) {
                fields[place].value = newValue
            } else {
                fields.append(Field(key: key, value: newValue))
            }
            self = .object(fields)
        }
    }

    package var fields: [Field] { if case .object(let fields) = self { fields } else { [] } }
    package var list: [ShopValue]? { if case .list(let values) = self { values } else { nil } }
    package var string: String? { if case .text(let text) = self { text } else { nil } }
    package var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    package var int: Int? { if case .number(let digits) = self { Int(digits) } else { nil } }
    /// A text, or a number's digits: PHP takes either.
    package var word: String? { if case .number(let digits) = self { digits } else { string } }

    /// Takes over every field of another object.
    package mutating func merge(_ other: ShopValue) {
        for field in other.fields { self[field.key] = field.value }
    }

    /// Without the fields that are not named (`_fields`).
    func only(_ names: [String]) -> ShopValue {
        guard case .object(let fields) = self, !names.isEmpty else { return self }
        return .object(fields.filter { names.contains($0.key) })
    }

    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let flag): bytes += (flag ? "true" : "false").utf8
        case .number(let digits): bytes += digits.utf8
        case .text(let text): Self.write(text, to: &bytes)
        case .list(let values):
            bytes.append(UInt8(ascii: "["))
            for (place, value) in values.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let fields):
            bytes.append(UInt8(ascii: "{"))
            for (place, field) in fields.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(field.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                field.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for unit in text.utf16 {
            switch unit {
            case 0x22: bytes += "\\\"".utf8
            case 0x5c: bytes += "\\\\".utf8
            case 0x2f: bytes += "\\/".utf8
            case 0x0a: bytes += "\\n".utf8
            case 0x0d: bytes += "\\r".utf8
            case 0x09: bytes += "\\t".utf8
            case 0x20..<0x7f: bytes.append(UInt8(unit))
            default:
                let digits = String(unit, radix: 16)
                bytes += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
