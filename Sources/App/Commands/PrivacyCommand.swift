import Localization
import PluginKit
import Templating

/// `cartwright privacy`: whom the program calls; as Markdown all that `docs/privacy.md` says.
enum PrivacyCommand {
    private static let markdown = Flag("markdown", "prints docs/privacy.md")

    static let command = Command(
        "privacy", "Lists the hosts outside that are called, and by what",
        flags: [markdown, .json, .keyFile, .resources]
    ) { call in
        let words = try call.words()
        let report = PrivacyReport(call.plugins.map(\.declaration))
        guard !call.has(markdown) else {
            let settings = Foundation.declarations(call.plugins)
            let text = PrivacyMarkdown(report: report, settings: settings, words: words).text
            return try call.terminal.write(Array(text.utf8))
        }
        try call.withFoundation { foundation in
            func shown(_ key: String) -> String? {
                foundation.settings.declaration(key).map { foundation.settings.shown($0) }
            }
            try call.print(
                Listing(
                    columns: ["by", "host", "setting", "sends", "when", "terms", "privacy"],
                    rows: report.calls.map { call in
                        [
                            call.plugin?.id ?? "host", call.host.name(shown), call.setting, words.text(call.host.sends),
                            words.text(call.host.when), call.host.termsURL, call.host.privacyURL,
                        ]
                    }))
        }
    }
}
