import Domain
import PluginKit
import Templating

/// `docs/privacy.md`: the report as the program is delivered, with every setting at its default.
struct PrivacyMarkdown {
    let report: PrivacyReport
    let settings: [SettingDeclaration]
    let words: any TemplateWords

    var text: String {
        """
        # \(say("privacy.title"))

        <!-- Written by `cartwright privacy --markdown`; a test holds it in step with the program. -->

        \(say("privacy.lead")) \(say("privacy.no_telemetry"))

        ## \(say("privacy.calls"))

        \(say("privacy.calls_lead"))

        | \(row(["who", "host", "sends", "when", "terms"].map { say("privacy.column.\($0)") }))
        |---|---|---|---|---|
        \(report.calls.map { "| " + row(cells($0)) }.joined(separator: "\n"))

        ## \(say("privacy.tables"))

        \(say("privacy.tables_lead"))

        | \(row(["table", "what", "erased", "kept", "retention"].map { say("privacy.column.\($0)") }))
        |---|---|---|---|---|
        \(report.tables.map { "| " + row(cells($0)) }.joined(separator: "\n"))

        """
    }

    private func cells(_ call: PrivacyReport.Call) -> [String] {
        let host: String
        switch call.host.address {
        case .host(let name): host = "`\(name)`"
        case .setting(let key):
            let usual = call.host.name { key in settings.first { $0.key == key }?.defaultText }
            host = "`\(key)` " + (usual.map { "[`\($0)`]" } ?? say("privacy.unset"))
        }
        let links = [("privacy.terms", call.host.termsURL), ("privacy.policy", call.host.privacyURL)]
        return [
            call.plugin?.name ?? say("privacy.program"), host, say(call.host.sends), say(call.host.when),
            links.compactMap { word, url in url.map { "[\(say(word))](\($0))" } }.joined(separator: ", "),
        ]
    }

    private func cells(_ table: PrivacyReport.Table) -> [String] {
        func list(_ fate: PersonalData.OnErase) -> String {
            table.columns(fate).map { "`\($0)`" }.joined(separator: " ")
        }
        let kept = [("privacy.hashed", list(.keepKeyedHash)), ("privacy.counted", list(.aggregate))]
        let retention = table.data.retentionSetting.flatMap { key in settings.first { $0.key == key } }
        return [
            "`\(table.data.table)`", say(table.data.word), list(.erase),
            kept.filter { !$0.1.isEmpty }.map { "\(say($0.0)): \($0.1)" }.joined(separator: "; "),
            retention.map { "`\($0.key)` [\($0.defaultText)]" } ?? say("privacy.until_erased"),
        ]
    }

    private func say(_ key: String) -> String { words.text(key) }

    private func row(_ cells: [String]) -> String { cells.joined(separator: " | ") + " |" }
}
