import Core
import HTTP
import Text

/// What a list is asked for: its page, and what it is narrowed to.
///
/// A parameter that the list does not know is refused: a filter passed over would answer with everything.
struct ListQuery {
    static let parameters = [
        Endpoint.QueryParameter("limit", .count(1...200), "How many, 1 to 200; 50 where nothing is said."),
        Endpoint.QueryParameter("after", .text, "The next of the page before."),
    ]

    let page: PageRequest
    private let query: QueryItems
    private var fields = Fields()

    init(_ request: Request, filters: [Endpoint.QueryParameter] = []) throws {
        query = request.query
        var fields = Fields()
        let known = Set((Self.parameters + filters).map(\.name))
        for (name, _) in query.pairs where !known.contains(name) {
            fields.reject(name, "unknown", "The list knows \(known.sorted().joined(separator: ", ")).")
        }
        var limit = 50
        if let text = query["limit"] {
            if let number = Int(text), (1...200).contains(number) {
                limit = number
            } else {
                fields.reject("limit", "invalid", "Send a number from 1 to 200.")
            }
        }
        var after: Cursor?
        if let text = query["after"], !text.isEmpty {
            after = Cursor(text)
            if after == nil { fields.reject("after", "invalid", "Send the next of the page before.") }
        }
        page = PageRequest(limit: limit, after: after)
        self.fields = fields
    }

    /// Nil when it was not asked for.
    func text(_ name: String) -> String? { query[name].flatMap { $0.isEmpty ? nil : $0 } }

    mutating func id(_ name: String) -> ID? {
        guard let text = query[name] else { return nil }
        guard let id = ID(text) else {
            fields.reject(name, "invalid", "Send an id as it was given: decimal digits.")
            return nil
        }
        return id
    }

    mutating func requiredID(_ name: String) -> ID? {
        if query[name] == nil { fields.reject(name, "required", "This has to be there.") }
        return id(name)
    }

    mutating func choice<Choice: RawRepresentable>(
        _ name: String, among choices: [Choice]
    ) -> Choice? where Choice.RawValue == String {
        guard let text = query[name] else { return nil }
        if let choice = choices.first(where: { $0.rawValue == text }) { return choice }
        fields.reject(name, "unknown", "Send one of \(choices.map(\.rawValue).joined(separator: ", ")).")
        return nil
    }

    func finish() throws { try fields.finish() }
}

extension Core.Page {
    /// `{"data":[…],"next":"…"|null}`
    func response(_ write: (Row, inout JSONWriter) throws -> Void) rethrows -> Response {
        let bytes = try JSONWriter.object { json in
            try json.array("data") { json in for row in rows { try json.object { json in try write(row, &json) } } }
            json.field("next", next?.text)
        }
        return .json(bytes)
    }

    /// A page of a list that is small enough to be held whole.
    init(of all: [Row], _ request: PageRequest, cursor: (Row) -> Cursor) {
        var rest = all[...]
        if let after = request.after { rest = rest.drop { cursor($0) != after }.dropFirst() }
        let shown = Array(rest.prefix(request.limit))
        self.init(rows: shown, next: rest.count > shown.count ? shown.last.map(cursor) : nil)
    }
}
