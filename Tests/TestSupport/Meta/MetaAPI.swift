import Core
import HTTP
import Synchronization
import Text

/// The double's answers: which request is right, and what it gets.
final class MetaAPI: Sendable {
    struct State {
        var templates: [MetaTemplate]
        var replies: [MetaReply] = []
        var sends: [MetaSend] = []
        var violations: [String] = []
        var isSubscribed = false
        var lastID = 0
    }

    let state: Mutex<State>
    private let schema: JSONSchema
    let phoneNumberID: String
    private let wabaID: String
    private let accessToken: Secret
    /// Tells when sends arrive; the machine's own, whatever the double's other times are.
    let clock = SystemClock()
    let habit: @Sendable () -> MetaReply
    let beforeAnswer: @Sendable (MetaSend) -> Void

    init(
        schema: JSONSchema, phoneNumberID: String, wabaID: String, accessToken: Secret, templates: [MetaTemplate],
        habit: @escaping @Sendable () -> MetaReply, beforeAnswer: @escaping @Sendable (MetaSend) -> Void
    ) {
        self.schema = schema
        self.phoneNumberID = phoneNumberID
        self.wabaID = wabaID
        self.accessToken = accessToken
        self.habit = habit
        self.beforeAnswer = beforeAnswer
        state = Mutex(State(templates: templates))
    }

    func answer(_ request: Received) -> Behaviour {
        do throws(Refusal) {
            return try route(request)
        } catch {
            if let violation = error.violation {
                state.withLock { $0.violations.append("\(request.method) \(request.path): \(violation)") }
            }
            return .json(error.error.status, String(decoding: error.error.body, as: UTF8.self))
        }
    }

    /// An error answer; with a `violation` when no right client would have asked.
    struct Refusal: Error {
        let error: MetaError
        var violation: String?
    }

    private func route(_ request: Received) throws(Refusal) -> Behaviour {
        try checkToken(request)
        var path = request.path.split(separator: "/").map(String.init)
        guard let version = path.first, version.wholeMatch(of: /v[0-9]+\.0/) != nil else {
            throw Refusal(error: MetaError(100), violation: "the path names no version")
        }
        path.removeFirst()
        let edge = path.dropFirst().joined(separator: "/")
        switch (request.method, path.first, edge) {
        case (.post, phoneNumberID, "messages"): return try message(request, "MessagesEndpointRequest")
        case (.post, phoneNumberID, "marketing_messages"):
            return try message(request, "MarketingMessageRequestPayload")
        case (.post, phoneNumberID, "register"):
            _ = try body(request, "RegisterRequest")
            return .json(200, #"{"success":true}"#)
        case (.get, phoneNumberID, ""): return .answer(200, headers: Self.json, body: phoneNumber())
        case (.get, wabaID, "phone_numbers"): return page([phoneNumber()], request)
        case (.get, wabaID, "message_templates"): return listTemplates(request)
        case (.post, wabaID, "message_templates"): return try createTemplate(request)
        case (.delete, wabaID, "message_templates"): return try deleteTemplates(request)
        case (_, wabaID, "subscribed_apps"): return try subscribe(request)
        default: return try template(request, id: path.first ?? "", edge: edge)
        }
    }

    private func checkToken(_ request: Received) throws(Refusal) {
        guard let header = request.headers["Authorization"], header.hasPrefix("Bearer ") else {
            throw Refusal(error: MetaError(104), violation: "no bearer token")
        }
        guard header == "Bearer \(accessToken.reveal())" else { throw Refusal(error: MetaError(190)) }
    }

    func body(_ request: Received, _ component: String) throws(Refusal) -> JSON {
        guard request.headers["Content-Type"]?.hasPrefix("application/json") == true else {
            throw Refusal(error: MetaError(100), violation: "the body is not declared as JSON")
        }
        guard let json = try? JSON(parsing: request.body, name: "body") else {
            throw Refusal(error: MetaError(100), violation: "the body is not JSON")
        }
        let violations = schema.violations(of: json, component: component)
        guard violations.isEmpty else {
            throw Refusal(
                error: MetaError(100, details: violations[0]), violation: violations.joined(separator: "; "))
        }
        return json
    }

    static let json: Headers = ["Content-Type": "application/json; charset=UTF-8"]
}
