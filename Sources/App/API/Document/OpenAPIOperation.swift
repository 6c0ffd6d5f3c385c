import Core
import HTTP
import Text

/// One endpoint as the document describes it.
struct OpenAPIOperation {
    private let endpoint: Endpoint

    init(_ endpoint: Endpoint) { self.endpoint = endpoint }

    func write(into json: inout JSONWriter) {
        json.object(endpoint.route.method.rawValue.lowercased()) { json in
            json.field("operationId", endpoint.name)
            json.field("tags", [endpoint.tag])
            json.field("summary", endpoint.about)
            writeSecurity(into: &json)
            writeParameters(into: &json)
            if let body = endpoint.takes { Self.write(body, into: &json) }
            json.object("responses") { json in
                for answer in endpoint.gives { write(answer, into: &json) }
                for status in endpoint.refusals {
                    json.object(status.description) { json in
                        json.field("$ref", "#/components/responses/" + Self.name(ofRefusal: status))
                    }
                }
            }
        }
    }

    /// `TooManyRequests`
    static func name(ofRefusal status: Status) -> String {
        status.reason.filter { $0 != " " && $0 != "-" }
    }

    private func writeSecurity(into json: inout JSONWriter) {
        json.array("security") { json in
            guard case .scope(let scope) = endpoint.route.access else { return }
            json.object { json in json.array("key") { $0.value(scope.rawValue) } }
        }
    }

    private func writeParameters(into json: inout JSONWriter) {
        json.array("parameters") { json in
            for name in endpoint.pathParameters {
                let schema: Schema = name == "id" ? .id : .sent(1...200)
                Self.parameter(name, in: "path", schema, "", isRequired: true, into: &json)
            }
            for parameter in endpoint.query {
                Self.parameter(
                    parameter.name, in: "query", parameter.schema, parameter.about, isRequired: parameter.isRequired,
                    into: &json)
            }
            guard endpoint.route.method == .post else { return }
            Self.parameter(
                "Idempotency-Key", in: "header", .matching("^[ -~]{1,255}$"),
                "The same key with the same body gets the first answer again.", isRequired: false, into: &json)
        }
    }

    private func write(_ answer: Endpoint.Answer, into json: inout JSONWriter) {
        json.object(answer.status.description) { json in
            json.field("description", answer.status.reason)
            json.object("headers") { json in
                Self.requestID(into: &json)
                if answer.hasLocation { Self.header("Location", .text, into: &json) }
                if endpoint.route.method == .post {
                    Self.header(
                        "Idempotent-Replayed", .choice(["true"]), isRequired: false,
                        "Sent when this is the answer to an earlier call with the same Idempotency-Key.", into: &json)
                }
            }
            if let schema = answer.schema { Self.content(schema, as: "application/json", into: &json) }
        }
    }

    private static func write(_ body: Endpoint.Body, into json: inout JSONWriter) {
        json.object("requestBody") { json in
            json.field("required", true)
            json.object("content") { json in
                json.object("application/json") { json in
                    json.raw("schema", Schema.reference(body.component).bytes)
                    json.raw("example", Array(body.example.utf8))
                }
            }
        }
    }

    static func content(_ schema: Schema, as type: String, into json: inout JSONWriter) {
        json.object("content") { json in json.object(type) { $0.raw("schema", schema.bytes) } }
    }

    static func header(
        _ name: String, _ schema: Schema, isRequired: Bool = true, _ about: String = "", into json: inout JSONWriter
    ) {
        json.object(name) { json in
            if !about.isEmpty { json.field("description", about) }
            json.field("required", isRequired)
            json.raw("schema", schema.bytes)
        }
    }

    /// By which the log finds the call; only what is refused by its head alone has none.
    static func requestID(into json: inout JSONWriter) {
        header("X-Request-Id", .text, isRequired: false, "Names the call in the server's log.", into: &json)
    }

    private static func parameter(
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
