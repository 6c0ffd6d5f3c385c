package import Core
package import Domain
package import SQL

/// What the provider's answer, or its lack, does to a message. Each arrow asks for the attempt's own claim token, so
/// that an answer finds its row whoever holds the number by now.
extension LedgerMoves {
    /// handed_over or unknown → planned: refused in a way that may be tried again, or it never left. An unknown row
    /// counts too: the proof that nothing arrived came late.
    package static func planAgain(
        _ id: ID, token: ID, due: Timestamp, reason: String?, tries: LedgerRow.Tries, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE messages SET status = 'planned', due_at = \(due), reason = \(reason), rate_tries = \(tries.rate),
                server_tries = \(tries.server), network_tries = \(tries.network), claim_token = NULL,
                claim_until = NULL, updated_at = \(now)
            WHERE id = \(id) AND status IN ('handed_over', 'unknown') AND claim_token = \(token)
            """) == 1
    }

    /// handed_over or unknown → failed: the provider's last word.
    package static func fail(
        _ id: ID, token: ID, _ failure: Failure, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE messages SET status = 'failed', failure_class = \(failure.failureClass.rawValue),
                failure_code = \(failure.code), failure_detail = \(failure.detail), failed_at = \(now),
                claim_token = NULL, claim_until = NULL, updated_at = \(now)
            WHERE id = \(id) AND status IN ('handed_over', 'unknown') AND claim_token = \(token)
            """) == 1
    }

    /// handed_over → unknown: no telling answer. The claim token stays, so that a late answer still finds it.
    package static func markUnknown(
        _ id: ID, token: ID, reason: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE messages SET status = 'unknown', reason = \(reason), claim_until = NULL, updated_at = \(now)
            WHERE id = \(id) AND status = 'handed_over' AND claim_token = \(token)
            """) == 1
    }

    /// One message that the provider has taken.
    package struct Acceptance: Sendable {
        package var id: ID
        package var token: ID
        package var providerID: String
        /// Taken, and held back until its template's quality is known.
        package var isHeld: Bool

        package init(_ id: ID, token: ID, providerID: String, isHeld: Bool) {
            self.id = id
            self.token = token
            self.providerID = providerID
            self.isHeld = isHeld
        }
    }

    /// handed_over or unknown → accepted; each message at most once in a call. A row that a status has already taken
    /// further only learns the id and time.
    ///
    /// The late answer to a try that was given up also stops its repeat, as long as that has not left; and where the
    /// repeat was stopped by somebody, it tells what the first try came to.
    /// - Returns: which were moved.
    package static func accept(
        _ accepted: [Acceptance], at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Set<ID> {
        guard !accepted.isEmpty else { return [] }
        let moved = try ids(
            """
            WITH answer (message, token, provider, note) AS (VALUES \(values(accepted)))
            UPDATE messages SET status = 'accepted', reason = answer.note,
                accepted_at = COALESCE(accepted_at, \(now)), provider_id = answer.provider, claim_token = NULL,
                claim_until = NULL, updated_at = \(now)
            FROM answer
            WHERE id = answer.message
                AND ((status IN ('handed_over', 'unknown') AND claim_token = answer.token)
                    OR (status IN ('planned', 'claimed', 'cancelled', 'suppressed') AND possible_duplicate = 1))
            RETURNING id
            """, in: tx)
        let further = accepted.filter { !moved.contains($0.id) }
        guard !further.isEmpty else { return moved }
        try tx.run(
            """
            WITH answer (message, token, provider, note) AS (VALUES \(values(further)))
            UPDATE messages SET accepted_at = COALESCE(accepted_at, \(now)),
                provider_id = COALESCE(provider_id, answer.provider), updated_at = \(now)
            FROM answer
            WHERE id = answer.message AND status IN ('sent', 'delivered', 'read', 'failed')
            """)
        return moved
    }

    private static func values(_ accepted: [Acceptance]) -> Query {
        let rows: [Query] = accepted.map {
            "(\($0.id), \($0.token), \($0.providerID), \($0.isHeld ? "reason.held_for_quality" : nil))"
        }
        return Query.joined(rows, ", ")
    }

    /// Takes the mark of a possible duplicate off a row whose former tries are all proved not to have arrived by now:
    /// the proof came after the repeat was planned. The mark that a row got with its forerunner stays.
    package static func clearDuplicate(_ id: ID, at now: Timestamp, in tx: any WriteTransaction) throws {
        // Of a row that is out, the latest try may have arrived without any other having done so.
        try tx.run(
            """
            UPDATE messages SET possible_duplicate = 0, updated_at = \(now)
            WHERE id = \(id) AND possible_duplicate = 1 AND forerunner IS NULL
                AND CASE WHEN status IN ('planned', 'claimed', 'cancelled', 'suppressed') THEN 0 ELSE 1 END >= (
                    SELECT count(*) FROM attempts
                    WHERE message_id = messages.id AND (outcome IS NULL OR outcome IN ('accepted', 'unknown')))
            """)
    }

    /// unknown → planned once more, marked as a possible duplicate.
    package static func resend(_ id: ID, at now: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        try tx.run(
            """
            UPDATE messages SET status = 'planned', due_at = \(now), reason = 'reason.resent_unconfirmed',
                possible_duplicate = 1, claim_token = NULL, claim_until = NULL, updated_at = \(now)
            WHERE id = \(id) AND status = 'unknown' AND possible_duplicate = 0
            """) == 1
    }

    /// Providers' statuses, in their order: up the ladder only; `failed` outranks accepted and sent. Every time is
    /// kept.
    ///
    /// Good news of an earlier attempt also stops a repeat that has not left yet, and corrects a row whose repeat was
    /// stopped; bad news of one that is no longer the latest says nothing of the message.
    /// - Returns: of each whether it moved its message.
    package static func advance(
        _ told: [(attempt: AttemptRef, update: StatusUpdate)], at now: Timestamp, in tx: any WriteTransaction
    ) throws -> [Bool] {
        let steps = told.map { Step($0.attempt, $0.update) }
        var moves = try tx.runAll(steps.compactMap { $0?.move(at: now) }).map { $0 == 1 }.makeIterator()
        let hasMoved = steps.map { $0 != nil && moves.next() == true }
        _ = try tx.runAll(zip(steps, hasMoved).compactMap { step, moved in moved ? nil : step?.keepTime(at: now) })
        return hasMoved
    }

    /// What one status may do to its message.
    private struct Step {
        private let attempt: AttemptRef
        private let update: StatusUpdate
        /// Where its time is kept.
        private let column: Query
        /// The states that it moves a message out of.
        private let below: [MessageStatus]
        private let ofLatest: Query

        /// Nil for a status that no provider reports.
        init?(_ attempt: AttemptRef, _ update: StatusUpdate) {
            (self.attempt, self.update) = (attempt, update)
            let left: [MessageStatus] = [
                .planned, .claimed, .cancelled, .suppressed, .handedOver, .unknown, .accepted,
            ]
            switch update.status {
            case .sent: (column, below, ofLatest) = ("sent_at", left, "1 = 1")
            case .delivered: (column, below, ofLatest) = ("delivered_at", left + [.sent], "1 = 1")
            case .read: (column, below, ofLatest) = ("read_at", left + [.sent, .delivered], "1 = 1")
            case .failed:
                (column, below, ofLatest) = (
                    "failed_at", [.handedOver, .unknown, .accepted, .sent], "attempts = \(attempt.number)"
                )
            default: return nil
            }
        }

        func move(at now: Timestamp) -> Query {
            """
            UPDATE messages SET status = \(update.status.rawValue), reason = NULL,
                failure_class = \(update.failure?.failureClass.rawValue), failure_code = \(update.failure?.code),
                failure_detail = \(update.failure?.detail), provider_id = COALESCE(provider_id, \(update.providerID)),
                \(column) = COALESCE(\(column), \(update.at)), claim_token = NULL, claim_until = NULL,
                updated_at = \(now)
            WHERE id = \(attempt.messageID) AND status IN \(Query.list(below.map(\.rawValue))) AND \(ofLatest)
            """
        }

        /// For a message that stands higher already.
        func keepTime(at now: Timestamp) -> Query {
            """
            UPDATE messages SET \(column) = COALESCE(\(column), \(update.at)),
                provider_id = COALESCE(provider_id, \(update.providerID)), updated_at = \(now)
            WHERE id = \(attempt.messageID) AND status IN ('sent', 'delivered', 'read', 'failed') AND \(ofLatest)
            """
        }
    }
}
