import Core
import Domain
import PluginKit
import SQL
import Store

/// Writes answers into the ledger in the caller's transaction; what many of them have in common in one statement.
struct AnswerWriter {
    private typealias Pending = AnswerRecorder.Pending

    private let context: MessagingContext
    private let now: Timestamp
    private let tx: any WriteTransaction
    private var lines: [TrailTable.Line] = []
    private var moved: [MessageInfo] = []

    /// - Returns: the messages, as hooks see them, whose state changed.
    static func write(
        _ batch: ArraySlice<(AnswerRecorder.Pending, AnswerRecorder.Answer)>, _ context: MessagingContext,
        at now: Timestamp, in tx: any WriteTransaction
    ) throws -> [MessageInfo] {
        var writer = AnswerWriter(context: context, now: now, tx: tx)
        try writer.write(batch)
        return writer.moved
    }

    private init(context: MessagingContext, now: Timestamp, tx: any WriteTransaction) {
        (self.context, self.now, self.tx) = (context, now, tx)
    }

    private mutating func write(_ batch: ArraySlice<(Pending, AnswerRecorder.Answer)>) throws {
        try AttemptsTable.answer(batch.compactMap { $0.told(of: $1) }, at: now, in: tx)
        var accepted: [Accepted] = []
        for (pending, answer) in batch {
            guard let token = pending.row.claimToken else { continue }
            switch answer {
            case .outcome(.accepted(let providerID, let isHeld)):
                accepted.append(Accepted(pending: pending, token: token, providerID: providerID, isHeld: isHeld))
            case .outcome(.unknown(let code, let detail, _)):
                try noTellingAnswer(pending, token, code: code, detail: detail)
            case .outcome(.refused(let failure, _, let after)):
                try refuse(pending, token, failure, asked: after)
            case .notSent(let code, let detail, retryNow: false):
                try refuse(pending, token, Failure(.network, code: code, detail: detail), asked: nil)
            case .notSent(_, _, retryNow: true):
                try didNotLeave(pending, token)
            }
        }
        try accept(accepted)
        try TrailTable.add(lines, at: now, in: tx)
    }

    private struct Accepted {
        let pending: Pending
        let token: ID
        let providerID: String
        let isHeld: Bool
    }

    private mutating func accept(_ accepted: [Accepted]) throws {
        guard !accepted.isEmpty else { return }
        var seen: Set<ID> = []
        // A statement changes a row once: a second answer for the same message comes after it.
        let first = accepted.filter { seen.insert($0.pending.row.id).inserted }
        let written = try LedgerMoves.accept(
            first.map { .init($0.pending.row.id, token: $0.token, providerID: $0.providerID, isHeld: $0.isHeld) },
            at: now, in: tx)
        for one in first where written.contains(one.pending.row.id) {
            note(one.pending, "accepted", ["provider_id": one.providerID])
            tell(one.pending, .accepted)
        }
        try matchEarlyStatuses(of: first)
        seen = []
        try accept(accepted.filter { !seen.insert($0.pending.row.id).inserted })
    }

    /// What the provider said of these before we knew their ids.
    private mutating func matchEarlyStatuses(of accepted: [Accepted]) throws {
        for (channel, some) in Dictionary(grouping: accepted, by: \.pending.channel) {
            let kept = try EarlyStatusesTable.take(providerIDs: some.map(\.providerID), channel: channel, in: tx)
            let moves = try StatusTracker(context).apply(kept: kept, at: now, in: tx)
            for move in moves { moved.append(move.row.info) }
        }
    }

    private mutating func noTellingAnswer(_ pending: Pending, _ token: ID, code: String, detail: String) throws {
        let id = pending.row.id
        guard try LedgerMoves.markUnknown(id, token: token, reason: "reason.no_telling_answer", at: now, in: tx)
        else { return }
        note(pending, "unknown", ["code": code, "detail": detail])
        tell(pending, .unknown)
    }

    private mutating func didNotLeave(_ pending: Pending, _ token: ID) throws {
        let planned = try LedgerMoves.planAgain(
            pending.row.id, token: token, due: now, reason: nil, tries: pending.row.tries, at: now, in: tx)
        guard planned else { return try LedgerMoves.clearDuplicate(pending.row.id, at: now, in: tx) }
        note(pending, "did_not_leave", [:])
    }

    /// A refusal: tried again by its class, or the end. Pauses what the class says must pause.
    private mutating func refuse(
        _ pending: Pending, _ token: ID, _ failure: Failure, asked: Timestamp.Span?
    ) throws {
        let id = pending.row.id
        try FailureConsequences(context).apply(
            failure, contact: pending.row.contactID, template: pending.row.content.template,
            channel: pending.channel, number: pending.sendingNumber, at: now, in: tx)
        var data = ["code": failure.code, "class": failure.failureClass.rawValue, "detail": failure.detail]
        let written: Bool
        let verdict = BackOff.verdict(failure.failureClass, tries: pending.row.tries, asked: asked)
        switch verdict {
        case .again(let after, let tries):
            data["until"] = (now + after).rfc3339
            written = try LedgerMoves.planAgain(
                id, token: token, due: now + after, reason: failure.waitingReason, tries: tries, at: now, in: tx)
        case .giveUp:
            written = try LedgerMoves.fail(id, token: token, failure, at: now, in: tx)
        }
        guard written else { return try LedgerMoves.clearDuplicate(id, at: now, in: tx) }
        note(pending, verdict == .giveUp ? "failed" : "refused_try_again", data)
        tell(pending, verdict == .giveUp ? .failed : .planned)
    }

    private mutating func note(_ pending: Pending, _ kind: String, _ data: [String: String]) {
        lines.append(.init(pending.row.id, TrailNote(kind, data)))
    }

    private mutating func tell(_ pending: Pending, _ status: MessageStatus) {
        var info = pending.row.info
        info.status = status
        info.reason = nil
        moved.append(info)
    }
}

extension AnswerRecorder.Pending {
    /// What the attempt's own row keeps of an answer.
    fileprivate func told(of answer: AnswerRecorder.Answer) -> AttemptsTable.Answer? {
        guard let token = row.claimToken else { return nil }
        switch answer {
        case .outcome(.accepted(let providerID, _)):
            return .init(attempt, token: token, "accepted", providerID: providerID)
        case .outcome(.unknown(let code, let detail, let httpStatus)):
            return .init(attempt, token: token, "unknown", httpStatus: httpStatus, code: code, detail: detail)
        case .outcome(.refused(let failure, let httpStatus, _)):
            return .init(
                attempt, token: token, "refused", httpStatus: httpStatus, code: failure.code, detail: failure.detail)
        case .notSent(let code, let detail, _):
            return .init(attempt, token: token, "not_sent", code: code, detail: detail)
        }
    }
}
