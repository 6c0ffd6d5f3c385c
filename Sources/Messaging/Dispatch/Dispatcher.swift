package import Core
import Database
import Domain
import HTTP
package import PluginKit
import SQL
package import Store
import Synchronization

/// Takes due messages from the ledger, asks the policy, and hands over what may leave.
///
/// One dispatcher at a time works for a sending number: the holder of its lease. A turn is synchronous; the thread
/// that runs turns sleeps in between until the time that the last one named, or until it is woken.
package final class Dispatcher: Sendable {
    /// How long a claim holds. A node that takes the number over frees its claims at once.
    static let claimLease = Timestamp.Span.seconds(30)
    /// What a channel's call may take at most.
    static let requestDeadline = Timestamp.Span.seconds(20)
    /// A row handed over without an answer for that long becomes unknown: its last moment to depart, the call, and
    /// the answer's way into the ledger.
    static let answerWithin = HeldNumbers.lease + requestDeadline + .seconds(4)
    static let batch = 64
    /// When to look again whether another node still holds the number.
    private static let askAgain = Timestamp.Span.seconds(1)

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
    private let numbers: HeldNumbers
    private let upkeep: Upkeep
    private let heldTurn: HeldTurn
    /// The claim of a turn under way, until something was submitted under it.
    let unfinished = Mutex<ID?>(nil)

    package init(_ context: MessagingContext, recorder: AnswerRecorder) {
        self.context = context
        self.recorder = recorder
        facts = FactsLoader(context)
        numbers = HeldNumbers(context)
        upkeep = Upkeep(context)
        heldTurn = HeldTurn(context)
    }

    /// One round: upkeep, claim, decide, hand over.
    package func turn() throws -> Turn {
        try takeBack()
        try upkeep.run()
        let now = context.clock.now()
        guard context.maySend(by: context.activeChannel) else {
            return Turn(next: try heldTurn.run() ? now : later(than: now + .minutes(5)))
        }
        guard let channel = context.activeChannel, !context.settings[MessagingSettings.paused] else {
            return Turn(next: try later(than: now + .minutes(5)))
        }
        let number = channel.sendingNumber() ?? "none"
        guard let held = try numbers.hold(channel, number: number) else {
            return Turn(next: now + Self.askAgain)
        }
        let perSecond = channel.abilities.messagesPerSecond
        let room = min(Self.batch, context.client.freeSlots)
        var places = held.pacer.take(room, perSecond: perSecond)
        guard !places.isEmpty else {
            return Turn(
                next: room > 0 ? now + held.pacer.wait(perSecond: perSecond) : try later(than: now + .seconds(5)))
        }
        let token = ID.make(at: now)
        let claimed = try claim(places.count, channel: channel.id, token: token, lease: held.lease)
        let decisions = Self.decide(try facts.load(claimed, channel: channel, number: number))
        try settle(decisions.map { ($0.row, $0.decision) }, token: token)
        for item in decisions { context.hooks.fire(Hooks.messageDecided, item.decision.told(of: item.row)) }
        let ready = decisions.compactMap { item -> Departure? in
            guard case .send(let body) = item.decision, let person = item.person else { return nil }
            return Departure(row: item.row, person: person, body: body)
        }
        var left = 0
        // The lease is renewed where deciding took long: all of it that is left is time to depart in.
        if let held = try numbers.hold(channel, number: number) {
            left = try depart(ready, from: held, token: token, channel: channel, number: number, places: &places)
        }
        places.removeAll()
        // Asked after the claim, so that what is planned meanwhile is seen.
        return Turn(decided: claimed.count, handedOver: left, next: try later(than: nil))
    }

    /// Lets other nodes have the sending numbers; after the last turn.
    package func leave() throws { try numbers.leave() }

    /// What a turn that broke off had in hand goes back to be planned; nothing of it was submitted.
    private func takeBack() throws {
        guard let token = unfinished.withLock({ $0 }) else { return }
        let now = context.clock.now()
        try context.database.writeBatch { tx in try LedgerUpkeep.takeBack(token, at: now, in: tx) }
        unfinished.withLock { $0 = nil }
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

    private func claim(_ limit: Int, channel: String, token: ID, lease: Lease) throws -> [LedgerRow] {
        let now = context.clock.now()
        unfinished.withLock { $0 = token }
        return try context.database.writeBatch { tx in
            try LedgerMoves.claim(
                limit: limit, channel: channel, token: token, under: lease, for: Self.claimLease, at: now, in: tx)
        }
    }

    /// Writes every decision but to send. One that finds its row changed is thrown away: the row is asked again.
    private func settle(_ decisions: [(row: LedgerRow, decision: PolicyDecision)], token: ID) throws {
        let now = context.clock.now()
        let verdicts = decisions.compactMap { row, decision -> LedgerMoves.Verdict? in
            switch decision {
            case .send: nil
            case .wait(let until, let reason): .init(row, .planned, due: until, reason: reason.rawValue)
            case .refuse(let reason): .init(row, .suppressed, due: row.dueAt, reason: reason.rawValue)
            case .cancel(let reason): .init(row, .cancelled, due: row.dueAt, reason: reason.rawValue)
            }
        }
        guard !verdicts.isEmpty else { return }
        let written = try context.database.writeBatch { tx in
            let written = try LedgerMoves.settle(verdicts, token: token, at: now, in: tx)
            try LedgerMoves.release(
                verdicts.map(\.row.id).filter { !written.contains($0) }, token: token, at: now, in: tx)
            let lines = verdicts.filter { written.contains($0.row.id) }.compactMap(\.line)
            try TrailTable.add(lines, at: now, in: tx)
            return written
        }
        for verdict in verdicts where written.contains(verdict.row.id) && verdict.status != .planned {
            var row = verdict.row
            row.status = verdict.status
            row.reason = verdict.reason
            context.hooks.fire(Hooks.messageStopped, row.info)
        }
    }
}

extension LedgerMoves.Verdict {
    /// Its line in the trail; one that goes on waiting for the same says nothing new.
    fileprivate var line: TrailTable.Line? {
        switch status {
        case .planned where row.reason == reason: nil
        case .planned: .init(row.id, TrailNote("waiting", ["reason": reason, "until": due.rfc3339]))
        default: .init(row.id, TrailNote(status.rawValue, ["reason": reason]))
        }
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
