import Core
import PluginKit
import Store
import Templating

/// What the audit log holds, in sentences: the words `audit.<action>` of the catalogue.
struct AuditSentences: Sendable {
    private let words: any TemplateWords
    private let settings: [String: SettingDeclaration]
    private let plugins: [String: String]
    /// Names of what subjects stand for (`contact:<id>`), as the one who looks may see them.
    private let names: [String: String]

    init(_ words: any TemplateWords, _ host: Host, names: [String: String] = [:]) {
        self.words = words
        self.names = names
        settings = Dictionary(
            host.settings.declarations.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        plugins = Dictionary(
            host.plugins.all.map { ($0.declaration.id, $0.declaration.name) }, uniquingKeysWith: { first, _ in first })
    }

    /// One sentence: what was done to what.
    func text(of entry: AuditEntry) -> String {
        let key = "audit." + entry.action
        guard words.has(key) else { return words.text("audit.other", ["action": .text(entry.action)]) }
        var arguments: [String: WordArgument] = ["name": .text("–"), "role": .text("–"), "purpose": .text("–")]
        for (name, value) in entry.data where !value.isEmpty { arguments[name] = .text(named(name, value)) }
        arguments["subject"] = .text(subject(of: entry))
        return words.text(key, arguments)
    }

    /// Who did it: an address, or what stands for a program.
    func actor(_ actor: String) -> String {
        if let name = Self.rest(of: actor, after: "token") {
            return words.text("audit.actor.token", ["name": .text(name)])
        }
        let key = "audit.actor." + actor.replacing(" ", with: "_")
        return words.has(key) ? words.text(key) : actor
    }

    /// The kind of an action, for the filter: `user` of `user.added`.
    static func kind(of action: String) -> String { String(action.prefix { $0 != "." }) }

    /// The page of what it was done to, where there is one that this role may open.
    func href(of entry: AuditEntry, _ person: SignedIn) -> String? {
        if entry.action == "setting.changed" {
            return settings[entry.subject]?.tab.map { "/admin/settings/" + $0 }
        }
        guard let (kind, id) = Self.parts(of: entry.subject) else { return nil }
        switch kind {
        case "contact" where entry.action != "contact.deleted": return "/admin/contacts/" + id
        case "message": return "/admin/messages/" + id
        case "order": return "/admin/orders/" + id
        case "delivery": return "/admin/deliveries/" + id
        case "plugin": return "/admin/plugins"
        case "user" where person.isOwner && entry.action != "user.removed": return UsersPage.path + "/" + id
        case "token" where person.isOwner: return TokensPage.path
        default: return nil
        }
    }

    private func subject(of entry: AuditEntry) -> String {
        if let name = names[entry.subject] { return name }
        if let email = entry.data["email"] { return email }
        if let name = entry.data["name"] { return name }
        if entry.action == "setting.changed" {
            let key = "setting.\(entry.subject).label"
            return words.has(key) ? words.text(key) : entry.subject
        }
        guard let (kind, id) = Self.parts(of: entry.subject) else { return plugins[entry.subject] ?? entry.subject }
        return kind == "plugin" ? plugins[id] ?? id : id
    }

    private func named(_ name: String, _ value: String) -> String {
        let key =
            switch name {
            case "role": "role." + value
            case "scope": "token.scope." + value
            case "purpose": "purpose." + value
            default: ""
            }
        return words.has(key) ? words.text(key) : value
    }

    private static func parts(of subject: String) -> (kind: String, id: String)? {
        guard let colon = subject.firstIndex(of: ":") else { return nil }
        return (String(subject[..<colon]), String(subject[subject.index(after: colon)...]))
    }

    private static func rest(of text: String, after kind: String) -> String? {
        parts(of: text).flatMap { $0.kind == kind ? $0.id : nil }
    }
}
