import Core
import Domain
import HTTP
import PluginKit
import Templating

/// `/admin/privacy`: whom the house calls and what it keeps of persons, as declared and as settings stand.
struct PrivacyPage: Sendable {
    struct Model: TemplateModel {
        var calls: [CallRow]
        var tables: [TableRow]

        static let fields: [Field<Self>] = [
            .list("calls", CallRow.self) { $0.calls }, .list("tables", TableRow.self) { $0.tables },
        ]
    }

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/privacy", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/privacy", .role(.viewer), bodyLimit: 0) { request, context in
                try page.respond(model(try SignedIn(context)), 200, request, context)
            }
        ]
    }

    private func model(_ signedIn: SignedIn) -> Model {
        let report = PrivacyReport(host.plugins.all.map(\.declaration))
        let settings = host.settings
        let words = pages.words(locale: host.site.locale)
        return Model(
            calls: report.calls.map { call in
                CallRow(
                    call: call,
                    name: call.host.name { key in settings.declaration(key).map { settings.shown($0) } },
                    isOn: call.plugin.map { host.plugins.standing($0.id) == .active } ?? true,
                    settingHref: signedIn.canWrite ? href(call.setting) : nil)
            },
            tables: report.tables.map { table in
                let setting = table.data.retentionSetting.flatMap { settings.declaration($0) }
                return TableRow(
                    table: table, retention: setting.map { span(settings.shown($0), words) },
                    settingHref: signedIn.canWrite ? href(setting?.key) : nil)
            })
    }

    /// `30 days` for `30d`; `off` stays.
    private func span(_ shown: String, _ words: any TemplateWords) -> String {
        Timestamp.Span(setting: shown).map(words.duration) ?? shown
    }

    /// Where the setting is changed.
    private func href(_ key: String?) -> String? {
        key.flatMap { host.settings.declaration($0)?.tab }.map { "/admin/settings/" + $0 }
    }

    /// A host outside.
    struct CallRow: TemplateModel {
        var call: PrivacyReport.Call
        /// Nil while no setting names one.
        var name: String?
        /// Whether its plugin is at work.
        var isOn: Bool
        var settingHref: String?

        static let fields: [Field<Self>] = [
            .text("plugin") { $0.call.plugin?.name }, .text("host") { $0.name }, .text("setting") { $0.call.setting },
            .object("state", Pill.self) { row in
                row.name == nil || !row.isOn
                    ? Pill(.idle, "privacy.not_called") : Pill(.info, "privacy.called")
            },
            .word("sends") { Word($0.call.host.sends) }, .word("when") { Word($0.call.host.when) },
            .text("termsHref") { $0.call.host.termsURL }, .text("privacyHref") { $0.call.host.privacyURL },
            .text("settingHref") { $0.settingHref },
        ]
    }

    /// A table that knows something of persons.
    struct TableRow: TemplateModel {
        var table: PrivacyReport.Table
        /// As the setting stands; nil where rows live until the person is erased.
        var retention: String?
        var settingHref: String?

        static let fields: [Field<Self>] = [
            .text("table") { $0.table.data.table }, .word("what") { Word($0.table.data.word) },
            .text("plugin") { $0.table.plugin?.name },
            .text("erased") { list($0, .erase) }, .text("hashed") { list($0, .keepKeyedHash) },
            .text("counted") { list($0, .aggregate) },
            .word("retention") { row in
                switch row.retention {
                case nil: Word("privacy.until_erased")
                case "off": Word("privacy.for_good")
                case let span?: Word("privacy.for", ["span": .text(span)])
                }
            },
            .text("settingHref") { $0.retention == nil ? nil : $0.settingHref },
        ]

        private static func list(_ row: TableRow, _ fate: PersonalData.OnErase) -> String? {
            let columns = row.table.columns(fate)
            return columns.isEmpty ? nil : columns.joined(separator: ", ")
        }
    }
}
