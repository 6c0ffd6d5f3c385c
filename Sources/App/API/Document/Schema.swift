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
    /// Decimal digits as text: ids pass what a double can hold.
    case id
    /// RFC 3339 in UTC with milliseconds.
    case time
    case choice([String])
    case nullable(Schema)
    case list(Schema)
    /// An object with keys of its own choosing.
    case map(Schema)
    case object([Property])
    /// One of the document's components.
    case reference(String)

    static let purpose = Schema.choice(["orders", "payments", "carts", "marketing", "test"])

    /// The names of an object's properties; empty for any other shape.
    var propertyNames: [String] {
        guard case .object(let properties) = self else { return [] }
        return properties.map(\.name)
    }

    var bytes: [UInt8] { JSONWriter.object { json in write(into: &json) } }

    private func write(into json: inout JSONWriter) {
        switch self {
        case .any: break
        case .text: json.field("type", "string")
        case .integer: json.field("type", "integer")
        case .flag: json.field("type", "boolean")
        case .id:
            json.field("type", "string")
            json.field("description", "Decimal digits.")
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
        case .list(let schema):
            json.field("type", "array")
            json.raw("items", schema.bytes)
        case .map(let schema):
            json.field("type", "object")
            json.raw("additionalProperties", schema.bytes)
        case .object(let properties): Self.write(properties, into: &json)
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
