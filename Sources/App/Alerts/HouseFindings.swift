import Core
import Domain
import Messaging
import PluginKit
import SQL
import Store
import Templating

/// Something about the house as it stands at this moment that needs a person.
struct Finding {
    /// Its id, words and way; `arguments` without plural forms of their own.
    var alert: Alert
    var pill: Pill
    var detail: String?
    /// What can be lifted here and now.
    var pause: PausesTable.Pause?
    /// Whether the owner is told of it; what people did on purpose, or see every day, only stands on the overview.
    var isTold = true
    /// The least role that can look at it.
    var role = Role.manager
}

/// Looks through the house for what needs a person, the worst first: the overview shows it at once, the watch opens
/// and closes alerts by it.
struct HouseFindings {
    /// Fewer messages without an answer are an ordinary day.
    static let manyUnknown = 20

    private let host: Host
    private let words: any TemplateWords

    init(_ host: Host, _ words: any TemplateWords) {
        self.host = host
        self.words = words
    }

    static let heldID = "host.held"

    /// What the ids of alerts made here begin with: those that are open and no longer found are over.
    static let ids = [
        heldID, "host.workers",
        "host.number.", "host.template.", "host.secret.", "host.plugin.", "host.deliveries", "host.unknown",
        "host.backup", "plugin.",
    ]

    static func covers(_ id: String) -> Bool { ids.contains { id.hasPrefix($0) } }

    func all(at now: Timestamp, in tx: any ReadTransaction) throws -> [Finding] {
        try held + workers(at: now, in: tx) + pauses(at: now, in: tx) + secrets + channel + plugins
            + backups(at: now, in: tx)
            + slowPlugins(in: tx) + unreadable(in: tx) + messages(at: now, in: tx)
    }

    /// One that the owner calls a copy reminds nobody.
    private var held: [Finding] {
        guard let hold = host.instance.hold, !hold.isKept else { return [] }
        return [
            Finding(
                alert: Alert(
                    id: Self.heldID, severity: .bad, word: hold.isMoved ? "need.moved" : "need.held",
                    href: InstancePage.path),
                pill: host.standing == .held ? Pill(.bad, "need.pill.stopped") : Pill(.bad, "need.pill.open"),
                role: .owner)
        ]
    }

    /// Something is due, and for a minute there has been nobody to do it, but somebody who would have seen them.
    func workers(at now: Timestamp, in tx: any ReadTransaction) throws -> [Finding] {
        let nodes = try NodesTable.seen(within: .minutes(1), in: tx)
        guard nodes.contains(where: { $0.seenAt - $0.startedAt >= .minutes(1) }),
            !nodes.contains(where: \.role.works), let due = try QueueFigures.oldestDue(in: tx), now - due > .minutes(1)
        else { return [] }
        return [
            Finding(
                alert: Alert(id: "host.workers", severity: .bad, word: "need.workers", href: "/admin/doctor"),
                pill: Pill(.bad, "need.pill.stopped"))
        ]
    }

    func pauses(at now: Timestamp, in tx: any ReadTransaction) throws -> [Finding] {
        var findings = try PausesTable.all(at: now, in: tx).map { pause in
            let subject = pause.subject.split(separator: ":", maxSplits: 1).last.map(String.init) ?? pause.subject
            let scope = pause.scope.rawValue
            return Finding(
                alert: Alert(
                    id: "host.\(scope).\(pause.subject)", severity: pause.scope == .number ? .bad : .warning,
                    word: "need.\(scope)_paused", arguments: ["subject": subject],
                    href: "/admin/messages?status=waiting"),
                pill: Pill(.bad, "need.pill.stopped"),
                detail: [pause.reason, pause.code].compactMap(\.self).joined(separator: " · "), pause: pause,
                role: .viewer)
        }
        if host.settings[MessagingSettings.paused] {
            findings.append(
                Finding(
                    alert: Alert(
                        id: "host.sending_paused", severity: .warning, word: "need.sending_paused",
                        href: "/admin/settings/sending"),
                    pill: Pill(.warning, "need.pill.paused"), isTold: false))
        }
        return findings
    }

    private var secrets: [Finding] {
        let secrets = host.settings.declarations.filter(\.isSecret)
        let unreadable = Set(host.settings.unreadable(secrets.map(\.key)))
        return secrets.filter { unreadable.contains($0.key) }.map { secret in
            Finding(
                alert: Alert(
                    id: "host.secret.\(secret.key)", severity: .bad, word: "need.secret",
                    arguments: ["name": words.text("setting.\(secret.key).label")],
                    href: "/admin/settings/\(secret.tab ?? "site")"),
                pill: Pill(.bad, "need.pill.unreadable"))
        }
    }

    /// Messages that nothing can send.
    private var channel: [Finding] {
        let id = host.settings[MessagingSettings.channel]
        guard host.messaging.activeChannel?.sendingNumber() == nil else { return [] }
        return [
            Finding(
                alert: Alert(
                    id: "host.not_set_up", severity: .warning, word: "need.not_set_up",
                    arguments: ["channel": MessageWords(words).channel(id)], href: "/admin/settings/sending"),
                pill: Pill(.warning, "need.pill.missing"), isTold: false)
        ]
    }

    private var plugins: [Finding] {
        host.plugins.all.compactMap { plugin in
            guard case .failed(let problem) = host.plugins.standing(plugin.declaration.id) else { return nil }
            return Finding(
                alert: Alert(
                    id: "host.plugin.\(plugin.declaration.id)", severity: .bad, word: "need.plugin",
                    arguments: ["name": plugin.declaration.name], href: "/admin/plugins"),
                pill: Pill(.bad, "need.pill.stopped"), detail: words.text(problem.word))
        }
    }

    /// In whichever process: it is one and the same plugin. What a process saw that has died is over.
    private func slowPlugins(in tx: any ReadTransaction) throws -> [Finding] {
        try host.sightings(in: tx).stuckPlugins.map { id in
            Finding(
                alert: .slowPlugin(id, name: host.plugins.name(id)), pill: Pill(.warning, "need.pill.look"))
        }
    }

    /// The last one failed, or it is long ago.
    private func backups(at now: Timestamp, in tx: any ReadTransaction) throws -> [Finding] {
        let standing = try BackupStanding(host, in: tx)
        let word: String
        switch (standing.failure, standing.isLate(at: now)) {
        case (.some, _): word = "need.backup_failed"
        case (nil, true): word = "need.backup_late"
        case (nil, false): return []
        }
        return [
            Finding(
                alert: Alert(id: "host.backup", severity: .bad, word: word, href: BackupsPage.path),
                pill: Pill(.bad, "need.pill.missing"), detail: standing.failure, role: .owner)
        ]
    }

    private func unreadable(in tx: any ReadTransaction) throws -> [Finding] {
        let count = try DeliveriesTable.count(.unreadable, cap: ListView.cap, in: tx)
        guard count > 0 else { return [] }
        return [
            Finding(
                alert: Alert(
                    id: "host.deliveries", severity: .warning, word: "need.deliveries",
                    arguments: ["count": String(count)], href: "/admin/deliveries?state=unreadable"),
                pill: Pill(.bad, "need.pill.unreadable"))
        ]
    }

    private func messages(at now: Timestamp, in tx: any ReadTransaction) throws -> [Finding] {
        var findings: [Finding] = []
        let unknown = try MessagesTable.count(.init(statuses: [.unknown]), limit: ListView.cap, in: tx)
        if unknown > 0 {
            findings.append(
                Finding(
                    alert: Alert(
                        id: "host.unknown", severity: .warning, word: "need.unknown",
                        arguments: ["count": String(unknown)], href: "/admin/messages?status=unknown"),
                    pill: MessageWords.pill(.unknown), isTold: unknown >= Self.manyUnknown, role: .viewer))
        }
        var lastDay = MessagesTable.Selection(statuses: [.failed])
        lastDay.since = now - .days(1)
        let failed = try MessagesTable.count(lastDay, limit: ListView.cap, in: tx)
        if failed > 0 {
            findings.append(
                Finding(
                    alert: Alert(
                        id: "host.failed", severity: .warning, word: "need.failed",
                        arguments: ["count": String(failed)], href: "/admin/messages?status=failed"),
                    pill: MessageWords.pill(.failed), isTold: false, role: .viewer))
        }
        return findings
    }
}
