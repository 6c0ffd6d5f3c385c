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
            json.array("servers") { json in json.object { $0.field("url", "/") } }
            json.array("tags") { json in
                for tag in Set(endpoints.map(\.tag)).sorted() { json.object { $0.field("name", tag) } }
            }
            json.object("paths") { json in
                for (path, endpoints) in paths {
                    json.object(path) { json in
                        for endpoint in endpoints { OpenAPIOperation(endpoint).write(into: &json) }
                    }
                }
            }
            json.object("components") { json in
                json.object("schemas") { json in for (name, schema) in components { json.raw(name, schema.bytes) } }
                json.object("responses") { json in Self.writeRefusals(of: endpoints, into: &json) }
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
        go on with `after`, which takes the `next` of the page before; a parameter that a list does not know is \
        refused. Every POST takes an Idempotency-Key, good for 24 hours. Errors are problem documents (RFC 9457).
        """

    /// Each status once, for all operations that may answer with it.
    private static func writeRefusals(of endpoints: [Endpoint], into json: inout JSONWriter) {
        let statuses = Set(endpoints.flatMap(\.refusals)).sorted { $0.rawValue < $1.rawValue }
        for status in statuses {
            json.object(OpenAPIOperation.name(ofRefusal: status)) { json in
                json.field("description", meaning(of: status))
                json.object("headers") { json in
                    OpenAPIOperation.requestID(into: &json)
                    if status == 401 { OpenAPIOperation.header("WWW-Authenticate", .text, into: &json) }
                    if status == 503 { OpenAPIOperation.header("Retry-After", .count(1...3600), into: &json) }
                }
                OpenAPIOperation.content(.reference("Problem"), as: "application/problem+json", into: &json)
            }
        }
    }

    private static func meaning(of status: Status) -> String {
        switch status {
        case 400: "The call cannot be read."
        case 401: "There is no API key, or it is unknown or revoked."
        case 403: "The key's scope does not reach this."
        case 404: "There is no such thing."
        case 409: "It cannot be done as things stand, or a call with this Idempotency-Key is still running."
        case 413: "The body is too long."
        case 415: "The body is not application/json."
        case 422: "A field or parameter is not right; `errors` names each."
        case 503: "Busy; try again after `Retry-After` seconds."
        default: status.reason
        }
    }
}
