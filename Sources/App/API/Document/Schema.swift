import Text

/// The shape of a JSON value, as far as the API's shapes go; written as JSON Schema (2020-12).
indirect enum Schema: Sendable {
    struct Property: Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool

        static func required(_ name: String, _ schema: Schema) -> Property {
            Property(name: name, schema: schema, isRequired: true)
        }

        static func optional(_ name: String, _ schema: Schema) -> Property {
            Property(name: name, schema: schema, isRequired: false)
        }
    }

    case any, text, integer, flag
    /// Text that a call sends, of so many characters; a number is taken by its digits.
    case sent(ClosedRange<Int>)
    /// Text of this pattern, which is one of ECMA 262 and of Swift alike.
    case matching(String)
    /// A whole number within bounds.
    case count(ClosedRange<Int>)
    /// Decimal digits as text: ids pass what a double can hold.
    case id
    /// RFC 3339 in UTC with milliseconds.
    case time
    case choice([String])
    case nullable(Schema)
    /// At most so many, where that is said.
    case list(Schema, most: Int? = nil)
    /// An object with keys of its own choosing.
    case map(Schema)
    /// A closed one takes no other properties than those named.
    case object([Property], isClosed: Bool = false)
    /// One of the document's components.
    case reference(String)

    /// Text that may be left out, null or empty.
    static func optional(_ most: Int) -> Schema { .nullable(.sent(0...most)) }
    /// ISO 3166 alpha-2.
    static let country = Schema.nullable(.matching("^([A-Za-z]{2})?$"))

    static let purpose = Schema.choice(["orders", "payments", "carts", "marketing", "test"])

    /// The names of an object's properties; empty for any other shape.
    var propertyNames: [String] {
        guard case .object(let properties, _) = self else { return [] }
        return properties.map(\.name)
    }

    var bytes: [UInt8] { JSONWriter.object { json in write(into: &json) } }

    private func write(into json: inout JSONWriter) {
        switch self {
        case .any: break
        case .text: json.field("type", "string")
        case .integer: json.field("type", "integer")
        case .sent(let length):
            json.field("type", ["string", "number"])
            if length.lowerBound > 0 { json.field("minLength", length.lowerBound) }
            json.field("maxLength", length.upperBound)
        case .matching(let pattern):
            json.field("type", "string")
            json.field("pattern", pattern)
        case .count(let bounds):
            json.field("type", "integer")
            json.field("minimum", bounds.lowerBound)
            if bounds.upperBound < .max { json.field("maximum", bounds.upperBound) }
        case .flag: json.field("type", "boolean")
        case .id:
            json.field("type", "string")
            json.field("pattern", "^[1-9][0-9]{0,18}$")
        case .time:
            json.field("type", "string")
            json.field("format", "date-time")
        case .choice(let words):
            json.field("type", "string")
            json.array("enum") { json in for word in words { json.value(word) } }
        case .nullable(let schema):
            json.array("anyOf") { json in
                json.raw(schema.bytes)
                json.object { $0.field("type", "null") }
            }
        case .list(let schema, let most):
            json.field("type", "array")
            if let most { json.field("maxItems", most) }
            json.raw("items", schema.bytes)
        case .map(let schema):
            json.field("type", "object")
            json.raw("additionalProperties", schema.bytes)
        case .object(let properties, let isClosed):
            Self.write(properties, into: &json)
            if isClosed { json.field("additionalProperties", false) }
        case .reference(let name): json.field("$ref", "#/components/schemas/\(name)")
        }
    }

    private static func write(_ properties: [Property], into json: inout JSONWriter) {
        json.field("type", "object")
        json.object("properties") { json in
            for property in properties { json.raw(property.name, property.schema.bytes) }
        }
        let required = properties.filter(\.isRequired).map(\.name)
        if !required.isEmpty { json.array("required") { json in for name in required { json.value(name) } } }
    }
}
