package import Core
import Database
import Domain
package import HTTP
package import PluginKit
import SQL
import Store

/// Writes down what came back for each hand-over, by the attempt's own token, many in one transaction.
///
/// Answers arrive on threads that must not wait (`take`); a thread of its own calls `record` when there are some.
package final class AnswerRecorder: Sendable {
    /// A hand-over whose answer is out.
    package struct Pending: Sendable {
        let row: LedgerRow
        let attempt: AttemptRef
        let channel: String
        let sendingNumber: String
    }

    package enum Answer: Sendable, Equatable {
        case outcome(SendOutcome)
        /// Nothing left the machine; `retryNow` when only the departure deadline had passed.
        case notSent(code: String, detail: String, retryNow: Bool)
    }

    private let context: MessagingContext
    private let answers = Monitor<[(Pending, Answer)]>([])

    package init(_ context: MessagingContext) { self.context = context }

    /// What an HTTP result means for a message (docs/decisions/0006-fenced-hand-over.md has the table).
    package static func reading(
        _ result: Result<OutboundResponse, HTTPClientError>, by channel: any Channel
    ) -> Answer {
        switch result {
        case .success(let response): return .outcome(channel.outcome(of: response))
        case .failure(let error):
            let code = error.curlCode.map { "curl_\($0)" } ?? "client"
            switch error.kind {
            case .notSent: return .notSent(code: code, detail: error.message, retryNow: false)
            case .departedTooLate: return .notSent(code: "departed_too_late", detail: error.message, retryNow: true)
            case .unknown, .tooLarge:
                return .outcome(.unknown(code: code, detail: error.message, httpStatus: nil))
            case .refused:
                return .outcome(
                    .refused(Failure(.ourBug, code: "refused", detail: error.message), httpStatus: nil, after: nil))
            }
        }
    }

    package func take(_ pending: Pending, _ answer: Answer) {
        answers.withLock { $0.append((pending, answer)) }
        answers.wakeOne()
    }

    /// Waits until answers are there, `limit` has passed, or `wakeUp` was called. Returns whether there are some.
    package func wait(atMost limit: Timestamp.Span, unless stop: () -> Bool) -> Bool {
        answers.wait(atMost: limit) { waiting in !waiting.isEmpty || stop() ? !waiting.isEmpty : nil } ?? false
    }

    /// Has `wait` look again whether it is to stop.
    package func wakeUp() { answers.wakeAll() }

    /// Writes all answers that are there. Returns how many.
    @discardableResult package func record() throws -> Int {
        let batch = answers.withLock { waiting in
            defer { waiting.removeAll() }
            return waiting
        }
        guard !batch.isEmpty else { return 0 }
        do {
            for info in try write(batch[...]) { context.hooks.fire(Hooks.messageStatusChanged, info) }
        } catch {
            // Nothing is lost: they are written when the database is back, or become unknown by their lease.
            answers.withLock { $0 = batch + $0 }
            throw error
        }
        // Slots are free, and what was refused may be due again.
        context.wake(.messages)
        return batch.count
    }

    /// Writes answers together. One that cannot be written at all (a provider's text may hold what no column takes)
    /// does not hold up the others: it is found by halves and left to its lease, by which its message becomes unknown.
    private func write(_ batch: ArraySlice<(Pending, Answer)>) throws -> [MessageInfo] {
        do {
            let now = context.clock.now()
            return try context.database.writeBatch { tx in
                try batch.compactMap { pending, answer in try self.write(pending, answer, at: now, in: tx) }
            }
        } catch let error as DatabaseError where [.misuse, .constraint, .unexpectedValue].contains(error.kind) {
            guard batch.count > 1 else {
                context.log.error(
                    "answer cannot be recorded",
                    [
                        "message": .text(batch.first?.0.attempt.description ?? ""),
                        "error": .error(error),
                    ])
                return []
            }
            let middle = batch.startIndex + batch.count / 2
            return try write(batch[..<middle]) + write(batch[middle...])
        }
    }

    /// - Returns: the message as hooks see it when its state changed for them.
    private func write(
        _ pending: Pending, _ answer: Answer, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> MessageInfo? {
        guard let token = pending.row.claimToken else { return nil }
        let id = pending.attempt.messageID
        func settle(_ outcome: AttemptsTable.Answer) throws {
            try AttemptsTable.answer(pending.attempt, token: token, outcome, at: now, in: tx)
        }
        func note(_ kind: String, _ data: [String: String]) throws {
            try TrailTable.add(TrailNote(kind, data), to: id, at: now, in: tx)
        }
        var moved: MessageStatus?
        switch answer {
        case .outcome(.accepted(let providerID, let isHeld)):
            try settle(AttemptsTable.Answer("accepted", providerID: providerID))
            if try LedgerMoves.accept(id, token: token, providerID: providerID, isHeld: isHeld, at: now, in: tx) {
                try note("accepted", ["provider_id": providerID])
                moved = .accepted
            }
            for early in try EarlyStatusesTable.take(providerID: providerID, channel: pending.channel, in: tx)
            where try LedgerMoves.advance(pending.attempt, by: early, at: now, in: tx) {
                try note("status", ["status": early.status.rawValue])
                moved = early.status
            }
        case .outcome(.unknown(let code, let detail, let httpStatus)):
            try settle(AttemptsTable.Answer("unknown", httpStatus: httpStatus, code: code, detail: detail))
            if try LedgerMoves.markUnknown(id, token: token, reason: "reason.no_telling_answer", at: now, in: tx) {
                try note("unknown", ["code": code, "detail": detail])
                moved = .unknown
            }
        case .outcome(.refused(let failure, let httpStatus, let after)):
            try settle(
                AttemptsTable.Answer("refused", httpStatus: httpStatus, code: failure.code, detail: failure.detail))
            moved = try refuse(pending, token, failure, asked: after, at: now, in: tx)
        case .notSent(let code, let detail, let retryNow):
            try settle(AttemptsTable.Answer("not_sent", code: code, detail: detail))
            if retryNow {
                _ = try LedgerMoves.planAgain(
                    id, token: token, due: now, reason: nil, tries: pending.row.tries, at: now, in: tx)
            } else {
                let failure = Failure(.network, code: code, detail: detail)
                moved = try refuse(pending, token, failure, asked: nil, at: now, in: tx)
            }
        }
        guard let moved else { return nil }
        var info = pending.row.info
        info.status = moved
        info.reason = nil
        return info
    }

    /// A refusal: tried again by its class, or the end. Pauses what the class says must pause.
    private func refuse(
        _ pending: Pending, _ token: ID, _ failure: Failure, asked: Timestamp.Span?, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws -> MessageStatus? {
        let id = pending.attempt.messageID
        try FailureConsequences(context).apply(
            failure, contact: pending.row.contactID, template: pending.row.content.template,
            channel: pending.channel, number: pending.sendingNumber, at: now, in: tx)
        var data = ["code": failure.code, "class": failure.failureClass.rawValue, "detail": failure.detail]
        switch BackOff.verdict(failure.failureClass, tries: pending.row.tries, asked: asked) {
        case .again(let after, let tries):
            let due = now + after
            let planned = try LedgerMoves.planAgain(
                id, token: token, due: due, reason: failure.waitingReason, tries: tries, at: now, in: tx)
            guard planned else { return nil }
            data["until"] = due.rfc3339
            try TrailTable.add(TrailNote("refused_try_again", data), to: id, at: now, in: tx)
            return .planned
        case .giveUp:
            guard try LedgerMoves.fail(id, token: token, failure, at: now, in: tx) else { return nil }
            try TrailTable.add(TrailNote("failed", data), to: id, at: now, in: tx)
            return .failed
        }
    }
}

extension Failure {
    /// Why a message waits after this refusal.
    var waitingReason: String {
        switch failureClass {
        case .network: "reason.network"
        case .slowPerson: PolicyReason.slowPerson.rawValue
        case .stopNumber: PolicyReason.numberPaused.rawValue
        case .stopTemplate: PolicyReason.templatePaused.rawValue
        default: "reason.provider_busy"
        }
    }
}
