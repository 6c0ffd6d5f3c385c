import Core
import Domain
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// Something that waits for a person, with the way to it.
struct Need: TemplateModel {
    var pill: Pill
    var text: Word
    var detail: String?
    var href = ""
    var action: Word
    /// What can be lifted here and now, in place of the way to it.
    var pause: PausesTable.Pause?

    static let fields: [Field<Self>] = [
        .text("tone") { $0.pill.tone.rawValue }, .word("word") { $0.pill.word }, .word("text") { $0.text },
        .text("detail") { $0.detail }, .text("href") { $0.href }, .word("action") { $0.action },
        .flag("canLift") { $0.pause != nil }, .text("scope") { $0.pause?.scope.rawValue },
        .text("subject") { $0.pause?.subject },
    ]
}

/// What needs a person, for the overview: the house as it is found at this moment, and the alerts that only those who
/// opened them can see.
struct Needs {
    private let host: Host
    private let findings: HouseFindings
    private let signedIn: SignedIn

    init(_ host: Host, _ words: any TemplateWords, _ signedIn: SignedIn) {
        self.host = host
        findings = HouseFindings(host, words)
        self.signedIn = signedIn
    }

    func all(at now: Timestamp, in tx: any ReadTransaction) throws -> [Need] {
        let found = try findings.all(at: now, in: tx).filter { finding in
            finding.alert.id != "host.deliveries" || signedIn.canWrite
        }
        let opened = try AlertsTable.allOpen(in: tx).filter { !HouseFindings.covers($0.id) }
        let (bad, others) = (opened.filter(\.isBad), opened.filter { !$0.isBad })
        return try bad.map(need) + door(in: tx) + found.map(need) + others.map(need)
    }

    /// People think that they are behind TLS, and are not, or the server does not know.
    private func door(in tx: any ReadTransaction) throws -> [Need] {
        guard WebAddress(host.site.publicURL)?.scheme == "https" else { return [] }
        let sightings = try host.sightings(in: tx)
        var text: Word?
        if let proxy = sightings.untrustedProxy {
            text = Word("need.untrusted_proxy", ["proxy": .text(proxy)])
        } else if sightings.contains(.unencrypted) {
            text = Word("need.unencrypted")
        }
        guard let text else { return [] }
        return [
            Need(
                pill: Pill(.warning, "need.pill.open"), text: text,
                href: signedIn.canWrite ? "/admin/doctor" : "/admin", action: Word("need.look"))
        ]
    }

    private func need(_ alert: StoredAlert) -> Need {
        Need(
            pill: alert.isBad ? Pill(.bad, "need.pill.broken") : Pill(.warning, "need.pill.look"),
            text: Word(alert.word, texts: alert.arguments), href: signedIn.canWrite ? alert.href : "/admin",
            action: Word("need.look"))
    }

    private func need(_ finding: Finding) -> Need {
        let alert = finding.alert
        let canSee = signedIn.role >= finding.role
        let action =
            finding.pause != nil && signedIn.canWrite
            ? "need.lift" : alert.href.hasPrefix("/admin/settings") ? "need.settings" : "need.look"
        return Need(
            pill: finding.pill, text: Word(alert.word, texts: alert.arguments), detail: finding.detail,
            href: canSee ? alert.href : "/admin", action: Word(action),
            pause: signedIn.canWrite ? finding.pause : nil)
    }
}

extension StoredAlert {
    var isBad: Bool { severity == Alert.Severity.bad.rawValue }
}
