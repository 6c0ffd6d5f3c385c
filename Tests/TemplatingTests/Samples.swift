import Core
import Templating

/// Words whose text shows what was asked for.
struct EchoWords: TemplateWords {
    var known: Set<String> = []
    var language: String { "en" }

    func has(_ key: String) -> Bool { known.contains(key) }

    func text(_ key: String, _ arguments: [String: WordArgument]) -> String {
        if arguments.isEmpty { return "<\(key)>" }
        let list = arguments.sorted { $0.key < $1.key }.map { name, value in
            switch value {
            case .text(let text): "\(name)=\(text)"
            case .number(let number): "\(name)=#\(number)"
            case .money(let money): "\(name)=\(money.amount)"
            case .time(let time): "\(name)=\(time.rfc3339)"
            }
        }
        return "<\(key) " + list.joined(separator: " ") + ">"
    }

    func number(_ number: Int64) -> String { "n\(number)" }
    func money(_ money: Money) -> String { "\(money.currency) \(money.amount)" }
    func date(_ time: Timestamp, zone: String) -> String { "date@\(zone)" }
    func time(_ time: Timestamp, zone: String) -> String { "time@\(zone)" }
    func dateTime(_ time: Timestamp, zone: String) -> String { "datetime@\(zone)" }
    func relative(_ time: Timestamp, now: Timestamp) -> String { "\((now - time).milliseconds) ms ago" }
}

/// A page with a field of each kind.
struct Shop: TemplateModel {
    struct Customer: TemplateModel {
        var name: String
        static let fields: [Field<Self>] = [.text("name") { $0.name }]
    }

    struct Item: TemplateModel {
        var label: String
        var parts: [Item] = []
        static let fields: [Field<Self>] = [
            .text("label") { $0.label }, .list("parts", Item.self) { $0.parts },
        ]
    }

    var name = "Ada & Co"
    var note: String?
    var isOpen = true
    var count = 0
    var total = Money(minorUnits: 2990, currency: "EUR")
    var at = Timestamp(milliseconds: 1000)
    var state = Word("state.paid", ["n": .number(1)])
    var body = SafeHTML(constant: "<b>x</b>")
    var customer: Customer?
    var items: [Item] = []
    var tags: [String] = []

    static let fields: [Field<Self>] = [
        .text("name") { $0.name }, .text("note") { $0.note }, .flag("isOpen") { $0.isOpen },
        .integer("count") { $0.count }, .money("total") { $0.total }, .time("at") { $0.at },
        .word("state") { $0.state }, .html("body") { $0.body }, .id("id") { _ in ID(7) },
        .object("customer", Customer.self) { $0.customer }, .list("items", Item.self) { $0.items },
        .texts("tags") { $0.tags },
    ]
}

extension TemplateLibrary {
    /// A library whose template `page` is the text.
    init(page: String, _ others: [String: String] = [:], words: EchoWords? = nil) {
        self.init(
            sources: others.map { TemplateSource(name: $0, file: "\($0).mustache", text: $1) } + [
                TemplateSource(name: "page", file: "page.mustache", text: page)
            ], words: words, asset: { $0 == "app.css" ? "/app.css?v=1&w=2" : nil })
    }

    func rendered(_ shop: Shop) throws -> String { try rendered(shop, as: Shop.self) }

    func rendered<Model: TemplateModel>(_ model: Model, as type: Model.Type) throws -> String {
        Self.text(try page("page", type).render(model, .sample))
    }

    func renderedText(_ shop: Shop) throws -> String { Self.text(try text("page", Shop.self).render(shop, .sample)) }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

extension RenderContext {
    static let sample = RenderContext(words: EchoWords(), zone: "Asia/Dubai", now: Timestamp(milliseconds: 6000))
}
