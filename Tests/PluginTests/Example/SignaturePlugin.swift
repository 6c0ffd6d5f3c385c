import Core
import Domain
import HTTP
import PluginKit
import SQL
import Templating

/// Ends every message with a line of the shop's own, and counts how many it has signed.
struct SignaturePlugin: Plugin {
    private let line = Setting.text("signature.line", default: "Your team", tab: "signature")

    var declaration: PluginDeclaration {
        PluginDeclaration(
            id: "signature", name: "Signature", version: "1.0.0", settings: [line.declaration],
            menu: [
                .init(group: .messages, path: "/admin/signature", word: "signature.title", place: 90, role: .viewer)
            ],
            migrations: [Migration(1, "signed", common: ["CREATE TABLE signature_signed (at BIGINT NOT NULL)"])],
            templates: ["signature/page": SignaturePage.template],
            words: ["en": SignaturePage.words])
    }

    func parts(_ context: PluginContext) throws -> PluginParts {
        PluginParts(
            routes: [
                try context.pages.admin("signature/page", SignaturePage.self).route("/admin/signature", .role(.viewer))
                {
                    _, _ in
                    let signed = try context.tables.read { try $0.count("SELECT count(*) FROM signature_signed") }
                    return SignaturePage(line: context.settings[line], signed: signed)
                },
                Route(.get, "/signature.txt", .public) { _, _ in .text(context.settings[line]) },
            ],
            jobs: [
                JobDeclaration(kind: "signature.forget", every: .days(30)) { _ in
                    try context.tables.write { _ = try $0.run("DELETE FROM signature_signed") }
                }
            ],
            hooks: [
                Hooks.messageDraft.use { draft in
                    let now = context.clock.now()
                    try context.tables.write { _ = try $0.run("INSERT INTO signature_signed (at) VALUES (\(now))") }
                    var draft = draft
                    draft?.content.text? += "\n" + context.settings[line]
                    return draft
                }
            ],
            scripts: [StorefrontScript("signed", source: "document.documentElement.dataset.signature = 'on'")])
    }
}

/// Its page, with words of its own.
struct SignaturePage: TemplateModel {
    static let template = """
        {{<admin/layout}}{{$title}}{{t:signature.title}}{{/title}}{{$main}}
        <h1>{{t:signature.title}}</h1><p class="quote">{{line}}</p><p>{{t:signature.signed count=signed}}</p>
        {{/main}}{{/admin/layout}}
        """
    static let words = [
        "signature.title": "Signature", "signature.signed": "Messages signed: {count}",
        "settings.tab.signature": "Signature", "setting.signature.line.label": "Last line of each message",
        "setting.signature.line.help": "Every message ends with it.",
    ]
    static let fields: [Field<Self>] = [.text("line") { $0.line }, .integer("signed") { $0.signed }]
    let line: String
    let signed: Int
}
