import Domain
import Core
import Database
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/audit`: who changed what and when, the newest first.
struct AuditPage: Sendable {
    struct Model: TemplateModel {
        var address: ListAddress
        var people: [Choice] = []
        var kinds: [Choice] = []
        var entries: [Row] = []
        var next: Cursor?

        static let fields: [Field<Self>] = [
            .text("query") { $0.address["q"] }, .list("people", Choice.self) { $0.people },
            .list("kinds", Choice.self) { $0.kinds }, .flag("filtered") { $0.address.has(anyOf: filters) },
            .text("clearHref") { $0.address.cleared }, .flag("hasEntries") { !$0.entries.isEmpty },
            .list("entries", Row.self) { $0.entries }, .text("firstHref") { $0.address.first },
            .text("nextHref") { $0.address.next($0.next) },
        ]
    }

    struct Choice: TemplateModel {
        let value: String
        let label: String
        let selected: Bool

        static let fields: [Field<Self>] = [
            .text("value") { $0.value }, .text("label") { $0.label }, .flag("selected") { $0.selected },
        ]
    }

    struct Row: TemplateModel {
        let at: Timestamp
        let person: String
        let text: String
        let href: String?

        static let fields: [Field<Self>] = [
            .time("at") { $0.at }, .text("person") { $0.person }, .text("text") { $0.text }, .text("href") { $0.href },
        ]
    }

    private static let filters = ["who", "kind", "q"]
    /// So many entries are looked through for one page; where they hold too few that match, the next page goes on.
    private static let looked = 4000

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/audit", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/audit", .role(.manager), bodyLimit: 0) { request, context in
                try page.respond(try model(request, SignedIn(context)), 200, request, context)
            }
        ]
    }

    private func model(_ request: Request, _ person: SignedIn) throws -> Model {
        let words = pages.words(locale: host.site.locale)
        let address = ListAddress(request, Self.filters)
        var model = Model(address: address)
        let (users, tokens) = try host.database.read { tx in
            (try UsersTable.all(in: tx), try TokensTable.all(in: tx))
        }
        let plain = AuditSentences(words, host)
        let actors = users.map(\.email) + tokens.map { "token:" + $0.name } + [CommandActor.name]
        let shown = actors + (address["who"].map { actors.contains($0) ? [] : [$0] } ?? [])
        model.people = Self.unique(shown).map {
            Choice(value: $0, label: plain.actor($0), selected: $0 == address["who"])
        }
        model.kinds = Self.kinds.map {
            Choice(value: $0, label: words.text("audit.kind." + $0), selected: $0 == address["kind"])
        }
        (model.entries, model.next) = try find(address, person, words, users)
        return model
    }

    /// What a kind of action is called: `audit.kind.<kind>` of the catalogue.
    static let kinds = [
        "session", "user", "token", "setting", "plugin", "contact", "consent", "message", "order", "shop", "delivery",
        "pause", "job", "alert", "key", "database",
    ]

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }

    /// Kind and text are looked for in the sentences, as they are read; a page of the log at a time.
    private func find(
        _ address: ListAddress, _ person: SignedIn, _ words: any TemplateWords, _ users: [User]
    ) throws -> ([Row], Cursor?) {
        let wanted = PageRequest(after: address.after)
        var rows: [Row] = []
        var (after, looked) = (address.after, 0)
        let typed = address["q"].map { Self.folded($0) }
        while looked < Self.looked {
            let batch = try host.database.read { tx in
                let batch = try AuditTable.page(
                    PageRequest(limit: 200, after: after), actor: address["who"], in: tx)
                return (page: batch, names: try names(of: batch.rows, person, words, users, in: tx))
            }
            let sentences = AuditSentences(words, host, names: batch.names)
            for entry in batch.page.rows {
                after = Cursor(id: entry.id)
                if let kind = address["kind"], AuditSentences.kind(of: entry.action) != kind { continue }
                let row = Row(
                    at: entry.at, person: sentences.actor(entry.actor),
                    text: person.display.text(sentences.text(of: entry)), href: sentences.href(of: entry, person))
                if let typed, !Self.folded(row.person + " " + row.text + " " + entry.subject).contains(typed) {
                    continue
                }
                rows.append(row)
                if rows.count == wanted.limit {
                    return (rows, entry.id == batch.page.rows.last?.id && batch.page.next == nil ? nil : after)
                }
            }
            guard batch.page.next != nil else { return (rows, nil) }
            looked += batch.page.rows.count
        }
        return (rows, after)
    }

    private static func folded(_ text: String) -> String { text.lowercased() }

    /// What the people in these entries are called.
    private func names(
        of entries: [AuditEntry], _ person: SignedIn, _ words: any TemplateWords, _ users: [User],
        in tx: any ReadTransaction
    ) throws -> [String: String] {
        var names: [String: String] = [:]
        for user in users { names["user:\(user.id)"] = user.email }
        let prefix = "contact:"
        let ids = entries.compactMap { entry in
            entry.subject.hasPrefix(prefix) ? ID(String(entry.subject.dropFirst(prefix.count))) : nil
        }
        for (id, contact) in try ContactsTable.all(Set(ids), in: tx) {
            names["contact:\(id)"] = contact.shownName(person.display, words)
        }
        return names
    }
}
