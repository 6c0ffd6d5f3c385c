package import Core
import Database
import Domain
import HTTP
package import PluginKit
import SQL
package import Store

/// Takes due messages from the ledger, asks the policy, and hands over what may leave.
///
/// One dispatcher at a time works for a sending number: the holder of its lease. A turn is synchronous; the thread
/// that runs turns sleeps in between until the time that the last one named, or until it is woken.
package final class Dispatcher: Sendable {
    /// How long a claim, and the lease of the number, hold.
    static let lease = Timestamp.Span.seconds(30)
    /// Bytes must leave this long before the lease ends.
    static let departureMargin = Timestamp.Span.seconds(5)
    /// What a channel's call may take at most; a row without an answer after lease and this becomes unknown.
    static let requestDeadline = Timestamp.Span.seconds(20)
    static let batch = 64

    /// What a turn came to.
    package struct Turn: Sendable, Equatable {
        package var decided = 0
        package var handedOver = 0
        /// When the next turn makes sense; nil: only when woken.
        package var next: Timestamp?
    }

    let context: MessagingContext
    let recorder: AnswerRecorder
    private let facts: FactsLoader
    private let pacers: Pacers
    private let upkeep: Upkeep

    package init(_ context: MessagingContext, recorder: AnswerRecorder) {
        self.context = context
        self.recorder = recorder
        facts = FactsLoader(context)
        pacers = Pacers(clock: context.clock)
        upkeep = Upkeep(context)
    }

    /// One round: upkeep, claim, decide, hand over.
    package func turn() throws -> Turn {
        try upkeep.run()
        let now = context.clock.now()
        guard let channel = context.activeChannel, !context.settings[MessagingSettings.paused] else {
            return Turn(next: try later(than: now + .minutes(5)))
        }
        let number = channel.sendingNumber() ?? "none"
        guard let lease = try acquire(channel: channel.id, number: number) else {
            return Turn(next: now + .seconds(5))
        }
        let pacer = pacers.pacer(for: lease)
        let perSecond = channel.abilities.messagesPerSecond
        let room = min(Self.batch, context.client.freeSlots)
        let slots = pacer.take(room, perSecond: perSecond)
        guard slots > 0 else {
            return Turn(next: room > 0 ? now + pacer.wait(perSecond: perSecond) : try later(than: now + .seconds(5)))
        }
        let claimed = try claim(slots, channel: channel.id)
        let decisions = Self.decide(try facts.load(claimed, channel: channel, number: number))
        try settle(decisions.map { ($0.row, $0.decision) })
        for item in decisions { context.hooks.fire(Hooks.messageDecided, item.decision.told(of: item.row)) }
        let ready = decisions.compactMap { item -> Departure? in
            guard case .send(let body) = item.decision, let person = item.person else { return nil }
            return Departure(row: item.row, person: person, body: body)
        }
        let left = try depart(ready, channel: channel, number: number, lease: lease)
        pacer.giveBack(slots - left)
        // Asked after the claim, so that what is planned meanwhile is seen.
        return Turn(decided: claimed.count, handedOver: left, next: try later(than: nil))
    }

    /// Asks the policy about each, in order. What this turn already lets go counts in a person's frequency cap.
    private static func decide(
        _ loaded: [(row: LedgerRow, facts: PolicyFacts)]
    ) -> [(row: LedgerRow, decision: PolicyDecision, person: ContactRef?)] {
        var leaving: [ID: [Timestamp]] = [:]
        return loaded.map { row, facts in
            var facts = facts
            facts.person?.recentMarketing += leaving[row.contactID] ?? []
            let decision = Policy.decide(facts)
            if case .send = decision, !row.purpose.isTransactional {
                leaving[row.contactID, default: []].append(facts.now)
            }
            return (row, decision, facts.person?.contact)
        }
    }

    private func later(than limit: Timestamp?) throws -> Timestamp? {
        let due = try context.database.read { tx in try LedgerUpkeep.nextDue(in: tx) }
        guard let limit else { return due }
        return due.map { max($0, limit) } ?? limit
    }

    private func acquire(channel: String, number: String) throws -> Lease? {
        try context.database.write { [owner = context.owner] tx in
            try LeasesTable.acquire("dispatch:\(channel):\(number)", owner: owner, for: Self.lease, in: tx)
        }
    }

    private func claim(_ limit: Int, channel: String) throws -> [LedgerRow] {
        let now = context.clock.now()
        let token = ID.make(at: now)
        return try context.database.writeBatch { tx in
            try LedgerMoves.claim(limit: limit, channel: channel, token: token, lease: Self.lease, at: now, in: tx)
        }
    }

    /// Writes every decision but to send. One that finds its row changed is thrown away: the row is asked again.
    private func settle(_ decisions: [(row: LedgerRow, decision: PolicyDecision)]) throws {
        let now = context.clock.now()
        let stopped = try context.database.writeBatch { tx in
            var stopped: [LedgerRow] = []
            for (row, decision) in decisions {
                let written: Bool
                switch decision {
                case .send: continue
                case .wait(let until, let reason):
                    written = try LedgerMoves.putBack(row, until: until, reason: reason.rawValue, at: now, in: tx)
                    if written, row.reason != reason.rawValue {
                        let note = TrailNote("waiting", ["reason": reason.rawValue, "until": until.rfc3339])
                        try TrailTable.add(note, to: row.id, at: now, in: tx)
                    }
                case .refuse(let reason):
                    written = try Self.stop(row, .suppressed, reason, at: now, in: tx, stopped: &stopped)
                case .cancel(let reason):
                    written = try Self.stop(row, .cancelled, reason, at: now, in: tx, stopped: &stopped)
                }
                if !written { try LedgerMoves.release(row, at: now, in: tx) }
            }
            return stopped
        }
        for row in stopped { context.hooks.fire(Hooks.messageStopped, row.info) }
    }

    private static func stop(
        _ row: LedgerRow, _ status: MessageStatus, _ reason: PolicyReason, at now: Timestamp,
        in tx: any WriteTransaction, stopped: inout [LedgerRow]
    ) throws -> Bool {
        guard try LedgerMoves.stop(row, as: status, reason: reason.rawValue, at: now, in: tx) else { return false }
        try TrailTable.add(TrailNote(status.rawValue, ["reason": reason.rawValue]), to: row.id, at: now, in: tx)
        var row = row
        row.status = status
        row.reason = reason.rawValue
        stopped.append(row)
        return true
    }
}

extension PolicyDecision {
    /// As hooks see it.
    fileprivate func told(of row: LedgerRow) -> MessageDecision {
        switch self {
        case .send: MessageDecision(message: row.info, verdict: .send)
        case .wait(let until, let reason):
            MessageDecision(message: row.info, verdict: .wait, reason: reason.rawValue, until: until)
        case .refuse(let reason): MessageDecision(message: row.info, verdict: .refuse, reason: reason.rawValue)
        case .cancel(let reason): MessageDecision(message: row.info, verdict: .cancel, reason: reason.rawValue)
        }
    }
}

extension LedgerRow {
    /// As hooks see it.
    package var info: MessageInfo {
        MessageInfo(
            id: id, intentKey: intentKey, purpose: purpose, contactID: contactID, channel: channel, status: status,
            reason: reason, source: source)
    }
}
