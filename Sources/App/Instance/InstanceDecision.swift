import Core
import Database
import HTTP
import Messaging
import PluginKit
import SQL
import Store

/// What the owner says of an installation that is held: this is the live one, or this is a copy.
struct InstanceDecision {
    /// What becomes of messages that should have left by now. The original may have sent them.
    enum Overdue: String, CaseIterable {
        case cancel
        /// Only those that were due before it was held here.
        case cancelOlder = "cancel_older"
        case send
    }

    private let host: Host
    private let actor: String

    /// - Parameter actor: an admin's e-mail, or what else decides.
    init(_ host: Host, by actor: String) {
        self.host = host
        self.actor = actor
    }

    /// This is the live one: everything goes on, within 2 s on every node.
    /// - Returns: how many messages were cancelled.
    func confirm(_ overdue: Overdue) throws -> Int {
        let now = host.clock.now()
        let limit: Timestamp? =
            switch overdue {
            case .cancel: now
            case .cancelOlder: host.instance.hold?.since ?? now
            case .send: nil
            }
        // Before the hold is lifted, so that nothing slips out in between.
        let cancelled = try limit.map { try cancel(dueBy: $0, at: now) } ?? 0
        let entry = entry(
            "instance.confirmed",
            [
                "overdue": overdue.rawValue, "cancelled": String(cancelled),
                "channel": host.settings[MessagingSettings.channel],
            ], at: now)
        try host.database.write { tx in
            try InstanceTable.settle(by: entry.actor, at: now, in: tx)
            try JobsTable.dueNow(before: now, in: tx)
            try AuditTable.add(entry, in: tx)
        }
        try takeOver()
        host.instance.writeMark()
        return cancelled
    }

    /// This is a copy: it stays held.
    /// - Parameter sandboxed: its messages go to the sandbox phone meanwhile; the chosen channel is not touched.
    func keep(sandboxed: Bool = false) throws {
        let entry = entry(sandboxed ? "instance.kept_sandboxed" : "instance.kept", [:], at: host.clock.now())
        try host.database.write { tx in
            guard try InstanceTable.keep(sandboxed: sandboxed, in: tx) else { return }
            try AuditTable.add(entry, in: tx)
        }
        try takeOver()
    }

    /// Another channel may send now: what waited for one is due again.
    private func takeOver() throws {
        try host.instance.refresh()
        host.releaseWhatSettingsHeld([MessagingSettings.channel.key])
    }

    private func cancel(dueBy limit: Timestamp, at now: Timestamp) throws -> Int {
        let resends = host.settings[MessagingSettings.resendUnknown]
        var count = 0
        while true {
            let context = host.messaging
            let rows = try host.database.write { tx in
                let rows = try OverdueMessages.cancel(dueBy: limit, resending: resends, at: now, in: tx)
                context.announceStopped(rows, after: tx)
                return rows
            }
            if rows.isEmpty { return count }
            count += rows.count
        }
    }

    private func entry(_ action: String, _ data: [String: String], at now: Timestamp) -> AuditEntry {
        AuditEntry(id: ID.make(at: now), at: now, actor: actor, action: action, subject: "instance", data: data)
    }
}
