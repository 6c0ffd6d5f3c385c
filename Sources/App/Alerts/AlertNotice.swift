import Core
import Store
import Text

/// What the routes are told in one go: everything that has changed since the last time.
struct AlertNotice: Sendable, Equatable {
    enum State: String, Sendable {
        case opened, closed
        /// Told before, and not mended yet.
        case still = "open"
    }

    struct Item: Sendable, Equatable {
        var id: String
        /// `warning` or `bad`.
        var severity: String
        var state: State
        var word: String
        var arguments: [String: String]
        var href: String
        var openedAt: Timestamp
        var closedAt: Timestamp?

        init(_ alert: StoredAlert) {
            id = alert.id
            severity = alert.severity
            state = alert.closedAt != nil ? .closed : alert.told == .open ? .still : .opened
            word = alert.word
            arguments = alert.arguments
            href = alert.href
            openedAt = alert.openedAt
            closedAt = alert.closedAt
        }

        init(
            id: String, severity: String, state: State, word: String, arguments: [String: String] = [:], href: String,
            openedAt: Timestamp, closedAt: Timestamp? = nil
        ) {
            self.id = id
            self.severity = severity
            self.state = state
            self.word = word
            self.arguments = arguments
            self.href = href
            self.openedAt = openedAt
            self.closedAt = closedAt
        }
    }

    /// The same at every try: a receiver knows by it what it has had.
    var id: ID
    var at: Timestamp
    var isTest = false
    var items: [Item]

    /// A notice that says it is only a test.
    static func test(at now: Timestamp) -> AlertNotice {
        let item = Item(
            id: "host.test", severity: "warning", state: .opened, word: "alert.test", href: "/admin/settings/alerts",
            openedAt: now)
        return AlertNotice(id: ID.make(at: now), at: now, isTest: true, items: [item])
    }
}

// A notice as the payload of the job that tells it.
extension AlertNotice {
    var payload: String {
        let bytes = JSONWriter.object { json in
            json.field("id", id)
            json.field("at", at)
            json.field("test", isTest)
            json.array("items") { json in
                for item in items {
                    json.object { json in
                        json.field("id", item.id)
                        json.field("severity", item.severity)
                        json.field("state", item.state.rawValue)
                        json.field("word", item.word)
                        json.object("arguments") { json in
                            for (name, value) in item.arguments.sorted(by: { $0.key < $1.key }) {
                                json.field(name, value)
                            }
                        }
                        json.field("href", item.href)
                        json.field("opened_at", item.openedAt)
                        json.field("closed_at", item.closedAt)
                    }
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    init(payload: String) throws {
        let json = try JSON(parsing: payload)
        guard let id = ID(try json["id"].expectString()), let at = Timestamp(rfc3339: try json["at"].expectString())
        else { throw Unreadable() }
        self.id = id
        self.at = at
        isTest = try json["test"].expectBool()
        items = try json["items"].expectArray().map { item in
            guard let state = State(rawValue: try item["state"].expectString()),
                let openedAt = Timestamp(rfc3339: try item["opened_at"].expectString())
            else { throw Unreadable() }
            return Item(
                id: try item["id"].expectString(), severity: try item["severity"].expectString(), state: state,
                word: try item["word"].expectString(),
                arguments: try Dictionary(
                    item["arguments"].expectObject().map { ($0.key, try $0.value.expectString()) },
                    uniquingKeysWith: { $1 }),
                href: try item["href"].expectString(), openedAt: openedAt,
                closedAt: item["closed_at"].string.flatMap { Timestamp(rfc3339: $0) })
        }
    }

    private struct Unreadable: Error, CustomStringConvertible {
        let description = "the job's payload is no notice of alerts"
    }
}
