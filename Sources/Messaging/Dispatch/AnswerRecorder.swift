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
            return try context.database.writeBatch { [context] tx in
                try AnswerWriter.write(batch, context, at: now, in: tx)
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
