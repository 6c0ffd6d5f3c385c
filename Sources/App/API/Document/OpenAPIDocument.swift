import Core
import HTTP
import Text

/// The API as an OpenAPI 3.1 document, written once from the endpoints themselves.
struct OpenAPIDocument: Sendable {
    let bytes: [UInt8]

    init(endpoints: [Endpoint], components: [(name: String, schema: Schema)]) {
        let paths = Dictionary(grouping: endpoints, by: \.route.path).sorted { $0.key < $1.key }
        bytes = JSONWriter.object { json in
            json.field("openapi", "3.1.0")
            json.object("info") { json in
                json.field("title", "Cartwright")
                json.field("version", "1")
                json.field("description", Self.introduction)
            }
            json.object("paths") { json in
                for (path, endpoints) in paths {
                    json.object(path) { json in for endpoint in endpoints { Self.write(endpoint, into: &json) } }
                }
            }
            json.object("components") { json in
                json.object("schemas") { json in for (name, schema) in components { json.raw(name, schema.bytes) } }
                json.object("securitySchemes") { json in
                    json.object("key") { json in
                        json.field("type", "http")
                        json.field("scheme", "bearer")
                        json.field("description", "An API key, cw_…, of scope read, write or admin.")
                    }
                }
            }
        }
    }

    private static let introduction = """
        Ids are strings. Times are RFC 3339 in UTC with milliseconds. What is absent is null, never left out. Lists \
        go on with `after`, which takes the `next` of the page before. Every POST takes an Idempotency-Key, good for \
        24 hours.
        """

    private static func write(_ endpoint: Endpoint, into json: inout JSONWriter) {
        json.object(endpoint.route.method.rawValue.lowercased()) { json in
            json.field("summary", endpoint.about)
            if case .scope(let scope) = endpoint.route.access {
                json.array("security") { json in
                    json.object { json in json.array("key") { $0.value(scope.rawValue) } }
                }
            }
            writeParameters(of: endpoint, into: &json)
            if let body = endpoint.takes {
                json.object("requestBody") { json in
                    json.field("required", true)
                    write(body, as: "application/json", into: &json)
                }
            }
            json.object("responses") { json in
                for answer in endpoint.gives { write(answer, into: &json) }
                json.object("default") { json in
                    json.field("description", "What went wrong.")
                    write(.reference("Problem"), as: "application/problem+json", into: &json)
                }
            }
        }
    }

    private static func write(_ answer: Endpoint.Answer, into json: inout JSONWriter) {
        json.object(String(answer.status)) { json in
            json.field("description", Status(rawValue: answer.status).reason)
            if answer.hasLocation {
                json.object("headers") { json in
                    json.object("Location") { $0.raw("schema", Schema.text.bytes) }
                }
            }
            if let schema = answer.schema { write(schema, as: "application/json", into: &json) }
        }
    }

    private static func write(_ schema: Schema, as type: String, into json: inout JSONWriter) {
        json.object("content") { json in json.object(type) { $0.raw("schema", schema.bytes) } }
    }

    private static func writeParameters(of endpoint: Endpoint, into json: inout JSONWriter) {
        let path = endpoint.route.path.split(separator: "/").filter { $0.hasPrefix("{") }
            .map { String($0.dropFirst().dropLast()) }
        json.array("parameters") { json in
            for name in path { write(name, in: "path", .text, "", isRequired: true, into: &json) }
            for parameter in endpoint.query {
                write(parameter.name, in: "query", parameter.schema, parameter.about, isRequired: false, into: &json)
            }
            if endpoint.route.method == .post {
                write(
                    "Idempotency-Key", in: "header", .text,
                    "The same key with the same body gets the first answer again.", isRequired: false, into: &json)
            }
        }
    }

    private static func write(
        _ name: String, in place: String, _ schema: Schema, _ about: String, isRequired: Bool,
        into json: inout JSONWriter
    ) {
        json.object { json in
            json.field("name", name)
            json.field("in", place)
            json.field("required", isRequired)
            if !about.isEmpty { json.field("description", about) }
            json.raw("schema", schema.bytes)
        }
    }
}
