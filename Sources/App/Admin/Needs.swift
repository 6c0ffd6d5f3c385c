import Core
import Domain
import Messaging
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

/// Looks through the house for what needs a person: the worst first.
struct Needs {
    private let host: Host
    private let words: any TemplateWords
    private let signedIn: SignedIn

    init(_ host: Host, _ words: any TemplateWords, _ signedIn: SignedIn) {
        self.host = host
        self.words = words
        self.signedIn = signedIn
    }

    func all(at now: Timestamp, in tx: any ReadTransaction) throws -> [Need] {
        try pauses(at: now, in: tx) + secrets + channel + plugins + unreadable(in: tx) + messages(at: now, in: tx)
    }

    private func pauses(at now: Timestamp, in tx: any ReadTransaction) throws -> [Need] {
        var needs = try PausesTable.all(at: now, in: tx).map { pause in
            let subject = pause.subject.split(separator: ":", maxSplits: 1).last.map(String.init) ?? pause.subject
            return Need(
                pill: Pill(.bad, "need.pill.stopped"),
                text: Word("need.\(pause.scope.rawValue)_paused", ["subject": .text(subject)]),
                detail: [pause.reason, pause.code].compactMap(\.self).joined(separator: " · "),
                href: "/admin/messages?status=waiting",
                action: Word(signedIn.canWrite ? "need.lift" : "need.look"), pause: signedIn.canWrite ? pause : nil)
        }
        if host.settings[MessagingSettings.paused] {
            needs.append(
                Need(
                    pill: Pill(.warning, "need.pill.paused"), text: Word("need.sending_paused"),
                    href: settings("sending"), action: Word("need.settings")))
        }
        return needs
    }

    private var secrets: [Need] {
        let secrets = host.settings.declarations.filter(\.isSecret)
        let unreadable = Set(host.settings.unreadable(secrets.map(\.key)))
        return secrets.filter { unreadable.contains($0.key) }.map { secret in
            Need(
                pill: Pill(.bad, "need.pill.unreadable"),
                text: Word("need.secret", ["name": .text(words.text("setting.\(secret.key).label"))]),
                href: settings(secret.tab ?? "site"), action: Word("need.settings"))
        }
    }

    /// Messages that nothing can send.
    private var channel: [Need] {
        let id = host.settings[MessagingSettings.channel]
        guard host.messaging.activeChannel?.sendingNumber() == nil else { return [] }
        let text = Word("need.not_set_up", ["channel": .text(MessageWords(words).channel(id))])
        return [
            Need(
                pill: Pill(.warning, "need.pill.missing"), text: text, href: settings("sending"),
                action: Word("need.settings"))
        ]
    }

    private var plugins: [Need] {
        host.plugins.all.compactMap { plugin in
            guard case .failed(let reason) = host.plugins.standing(plugin.declaration.id) else { return nil }
            return Need(
                pill: Pill(.bad, "need.pill.stopped"),
                text: Word("need.plugin", ["name": .text(plugin.declaration.name)]), detail: reason,
                href: signedIn.canWrite ? "/admin/plugins" : "/admin", action: Word("need.look"))
        }
    }

    private func unreadable(in tx: any ReadTransaction) throws -> [Need] {
        let count = try DeliveriesTable.count(.unreadable, cap: ListView.cap, in: tx)
        guard count > 0, signedIn.canWrite else { return [] }
        return [
            Need(
                pill: Pill(.bad, "need.pill.unreadable"), text: counted("need.deliveries", count),
                href: "/admin/deliveries?state=unreadable", action: Word("need.look"))
        ]
    }

    private func messages(at now: Timestamp, in tx: any ReadTransaction) throws -> [Need] {
        var needs: [Need] = []
        let unknown = try MessagesTable.count(.init(statuses: [.unknown]), limit: ListView.cap, in: tx)
        if unknown > 0 {
            needs.append(
                Need(
                    pill: MessageWords.pill(.unknown), text: counted("need.unknown", unknown),
                    href: "/admin/messages?status=unknown", action: Word("need.look")))
        }
        var lastDay = MessagesTable.Selection(statuses: [.failed])
        lastDay.since = now - .days(1)
        let failed = try MessagesTable.count(lastDay, limit: ListView.cap, in: tx)
        if failed > 0 {
            needs.append(
                Need(
                    pill: MessageWords.pill(.failed), text: counted("need.failed", failed),
                    href: "/admin/messages?status=failed", action: Word("need.look")))
        }
        return needs
    }

    private func counted(_ key: String, _ count: Int) -> Word { Word(key, ["count": .number(Int64(count))]) }

    /// Settings are not for viewers.
    private func settings(_ tab: String) -> String { signedIn.canWrite ? "/admin/settings/\(tab)" : "/admin" }
}
