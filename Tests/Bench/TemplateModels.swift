import Templating
import Text

/// A table of the admin.
struct BenchTable: TemplateModel {
    struct Order: TemplateModel {
        struct Message: TemplateModel {
            let id: Int
            let tone: String
            let state: String
            static let fields: [Field<Self>] = [
                .integer("id") { $0.id }, .text("tone") { $0.tone }, .text("state") { $0.state },
            ]
        }

        let id: Int
        let number, at, person, phone, tone, status, total: String
        let message: Message?

        static let fields: [Field<Self>] = [
            .integer("id") { $0.id }, .text("number") { $0.number }, .text("at") { $0.at },
            .text("person") { $0.person }, .text("phone") { $0.phone }, .text("tone") { $0.tone },
            .text("status") { $0.status }, .text("total") { $0.total },
            .object("message", Message.self) { $0.message },
        ]
    }

    let title: String
    let orders: [Order]

    static let fields: [Field<Self>] = [.text("title") { $0.title }, .list("orders", Order.self) { $0.orders }]
}

/// A page in its layout, of parts in parts.
struct BenchPage: TemplateModel {
    struct Link: TemplateModel {
        let id, tone, label: String
        let count: Int
        static let fields: [Field<Self>] = [
            .text("id") { $0.id }, .text("tone") { $0.tone }, .text("label") { $0.label },
            .integer("count") { $0.count }, .flag("busy") { $0.count > 0 },
        ]
    }

    struct Group: TemplateModel {
        let label, empty: String
        let cards: [Card]
        static let fields: [Field<Self>] = [
            .text("label") { $0.label }, .text("empty") { $0.empty }, .list("cards", Card.self) { $0.cards },
        ]
    }

    struct Card: TemplateModel {
        let id: Int
        let tone, label: String
        let facts: [Fact]
        static let fields: [Field<Self>] = [
            .integer("id") { $0.id }, .text("tone") { $0.tone }, .text("label") { $0.label },
            .list("facts", Fact.self) { $0.facts },
        ]
    }

    struct Fact: TemplateModel {
        let label, value: String
        static let fields: [Field<Self>] = [.text("label") { $0.label }, .text("value") { $0.value }]
    }

    let lang, title, lead, site: String
    let nav: [Link]
    let groups: [Group]

    static let fields: [Field<Self>] = [
        .text("lang") { $0.lang }, .text("title") { $0.title }, .text("lead") { $0.lead }, .text("site") { $0.site },
        .list("nav", Link.self) { $0.nav }, .list("groups", Group.self) { $0.groups },
    ]
}

/// What a customer gets.
struct BenchMessage: TemplateModel {
    let values: [String]

    static let names = [
        "first_name", "order_number", "site_name", "carrier", "tracking_url", "order_total", "note",
    ]
    static let fields: [Field<Self>] =
        [.flag("has_note") { !$0.values[6].isEmpty }]
        + names.enumerated().map { index, name in .text(name) { $0.values[index] } }
}

extension BenchTable {
    init(_ json: JSON) {
        title = json["title"].string ?? ""
        orders = (json["orders"].array ?? []).map(Order.init)
    }
}

extension BenchTable.Order {
    init(_ json: JSON) {
        func text(_ key: String) -> String { json[key].string ?? "" }
        id = json["id"].int ?? 0
        (number, at, person) = (text("number"), text("at"), text("person"))
        (phone, tone, status, total) = (text("phone"), text("tone"), text("status"), text("total"))
        let part = json["message"]
        message = part["id"].int.map {
            Message(id: $0, tone: part["tone"].string ?? "", state: part["state"].string ?? "")
        }
    }
}

extension BenchPage {
    init(_ json: JSON) {
        func text(_ key: String) -> String { json[key].string ?? "" }
        (lang, title, lead, site) = (text("lang"), text("title"), text("lead"), text("site"))
        nav = (json["nav"].array ?? []).map { link in
            Link(
                id: link["id"].string ?? "", tone: link["tone"].string ?? "", label: link["label"].string ?? "",
                count: link["count"].int ?? 0)
        }
        groups = (json["groups"].array ?? []).map { group in
            Group(
                label: group["label"].string ?? "", empty: group["empty"].string ?? "",
                cards: (group["cards"].array ?? []).map(Card.init))
        }
    }
}

extension BenchPage.Card {
    init(_ json: JSON) {
        id = json["id"].int ?? 0
        tone = json["tone"].string ?? ""
        label = json["label"].string ?? ""
        facts = (json["facts"].array ?? []).map { fact in
            BenchPage.Fact(label: fact["label"].string ?? "", value: fact["value"].string ?? "")
        }
    }
}

extension BenchMessage {
    init(_ json: JSON) { values = Self.names.map { json[$0].string ?? "" } }
}
