import HTTP
import Synchronization
import Text

// The account: number, templates, subscription.
extension MetaAPI {
    func phoneNumber() -> [UInt8] {
        JSONWriter.object {
            $0.field("verified_name", "Example Shop")
            $0.field("code_verification_status", "VERIFIED")
            $0.field("display_phone_number", "+1 202-555-0100")
            $0.field("quality_rating", "GREEN")
            $0.object("throughput") { $0.field("level", "STANDARD") }
            $0.field("status", "CONNECTED")
            $0.field("name_status", "APPROVED")
            $0.field("whatsapp_business_manager_messaging_limit", "TIER_2K")
            $0.field("id", phoneNumberID)
        }
    }

    func listTemplates(_ request: Received) -> Behaviour {
        let query = QueryItems(request.query)
        let found = state.withLock { $0.templates }.filter { template in
            (query["name"] ?? template.name) == template.name
                && (query["language"] ?? template.language) == template.language
                && (query["status"] ?? template.status) == template.status
                && (query["category"] ?? template.category) == template.category
        }
        return page(
            found.map { template in
                var json = JSONWriter()
                template.write(to: &json)
                return json.bytes
            }, request)
    }

    /// One page by `limit` [25] and `after`. Cursors stand on the last page too; only `next` is missing there.
    func page(_ items: [[UInt8]], _ request: Received) -> Behaviour {
        let query = QueryItems(request.query)
        let start = query["after"].flatMap { Int($0.dropFirst(6)) } ?? 0
        let end = min(start + max(1, query["limit"].flatMap { Int($0) } ?? 25), items.count)
        let body = JSONWriter.object {
            $0.array("data") { for item in items[min(start, end)..<end] { $0.raw(item) } }
            guard !items.isEmpty else { return }
            $0.object("paging") {
                $0.object("cursors") {
                    $0.field("before", "cursor\(start)")
                    $0.field("after", "cursor\(end)")
                }
                guard end < items.count else { return }
                let others = request.query.split(separator: "&").filter { !$0.hasPrefix("after=") }
                let next = (others + ["after=cursor\(end)"]).joined(separator: "&")
                $0.field("next", "http://\(request.headers["Host"] ?? "")\(request.path)?\(next)")
            }
        }
        return .answer(200, headers: Self.json, body: body)
    }

    func createTemplate(_ request: Received) throws(Refusal) -> Behaviour {
        let json = try body(request, "TemplateCreateRequest")
        let name = json["name"].string ?? ""
        let language = json["language"].string ?? ""
        let category = json["category"].string?.uppercased() ?? ""
        let id: String? = state.withLock { state in
            guard !state.templates.contains(where: { $0.name == name && $0.language == language }) else { return nil }
            state.lastID += 1
            let id = String(500_000_000_000_000 + state.lastID)
            state.templates.append(
                MetaTemplate(
                    id: id, name: name, language: language, category: category, status: "PENDING",
                    parameterFormat: json["parameter_format"].string?.uppercased() ?? "POSITIONAL",
                    components: JSONWriter.copy(of: json["components"])))
            return id
        }
        guard let id else {
            throw Refusal(error: MetaError(100, details: "Content in this language already exists", subcode: 2_388_024))
        }
        return .json(200, #"{"id":"\#(id)","status":"PENDING","category":"\#(category)"}"#)
    }

    func deleteTemplates(_ request: Received) throws(Refusal) -> Behaviour {
        let query = QueryItems(request.query)
        guard let name = query["name"] else {
            throw Refusal(error: MetaError(100), violation: "deletes templates without a name")
        }
        let found = state.withLock { state in
            let before = state.templates.count
            state.templates.removeAll { $0.name == name && (query["hsm_id"] ?? $0.id) == $0.id }
            return state.templates.count < before
        }
        guard found else { throw Refusal(error: MetaError(100, details: "Message template not found")) }
        return .json(200, #"{"success":true}"#)
    }

    func template(_ request: Received, id: String, edge: String) throws(Refusal) -> Behaviour {
        let found = state.withLock { $0.templates.first { $0.id == id } }
        guard let found, edge.isEmpty, request.method == .get || request.method == .post else {
            throw Refusal(error: MetaError(100, subcode: 33), violation: "there is no such object or edge")
        }
        if request.method == .get {
            var json = JSONWriter()
            found.write(to: &json)
            return .answer(200, headers: Self.json, body: json.bytes)
        }
        _ = try body(request, "TemplateEditRequest")
        return .json(200, #"{"success":true}"#)
    }

    func subscribe(_ request: Received) throws(Refusal) -> Behaviour {
        switch request.method {
        case .get:
            let app = #"{"whatsapp_business_api_data":{"id":"600000000000001","name":"Example App"}}"#
            return .json(200, state.withLock { $0.isSubscribed } ? #"{"data":[\#(app)]}"# : #"{"data":[]}"#)
        case .post, .delete:
            if !request.body.isEmpty { _ = try body(request, "SubscriptionRequest") }
            state.withLock { $0.isSubscribed = request.method == .post }
            return .json(200, #"{"success":true}"#)
        default: throw Refusal(error: MetaError(100), violation: "no such method here")
        }
    }
}

extension JSONWriter {
    /// A parsed value written again.
    static func copy(of value: JSON) -> [UInt8] {
        var json = JSONWriter()
        json.copy(value)
        return json.bytes
    }

    private mutating func copy(_ value: JSON) {
        switch value.kind {
        case .object:
            object { writer in
                for (key, value) in value.object ?? [] { writer.raw(key, Self.copy(of: value)) }
            }
        case .array: array { for element in value.array ?? [] { $0.copy(element) } }
        case .string: self.value(value.string)
        case .number: raw(Array((value.rawNumber ?? "0").utf8))
        case .true, .false: self.value(value.bool)
        case .null, nil: null()
        }
    }
}
