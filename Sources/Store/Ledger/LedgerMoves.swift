package import Core
package import Domain
package import SQL

/// The arrows of the ledger's state machine, each one conditional UPDATE that is right by its own WHERE:
///
///     planned ──claim──▶ claimed ──handOver──▶ handed_over ──accept──▶ accepted ──▶ sent ──▶ delivered ──▶ read
///        ▲                  │                       │                      └─────advance──────▶ failed
///        ├──putBack─────────┤ (wait, back-off,      ├──putBack (a refusal that may be tried again)
///        │                  │  lease end)           ├──fail
///        └──resend── unknown ◀──────markUnknown─────┘ (no telling answer)
///     planned, claimed ──stop──▶ suppressed(reason) | cancelled(reason)
///
/// Rows changed: 1 when the arrow was taken, 0 when somebody else was first.
package enum LedgerMoves {
    /// Takes up to `limit` due rows, transactional ones first, then by due time.
    /// - Parameters:
    ///   - channel: the one that sends now. What was planned for another goes its way too: nobody else would take it.
    ///   - lease: how long the claim holds, by the database's clock.
    package static func claim(
        limit: Int, channel: String, token: ID, lease: Timestamp.Span, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> [LedgerRow] {
        let lock = tx.engine.skippingLocked
        let rows = try tx.rows(
            """
            UPDATE messages SET status = 'claimed', channel = \(channel), claim_token = \(token),
                claim_until = \(tx.engine.now) + \(lease.milliseconds), updated_at = \(now)
            WHERE id IN (
                SELECT id FROM messages
                WHERE status = 'planned' AND due_at <= \(now)
                ORDER BY class, due_at, id LIMIT \(limit)\(lock))
            RETURNING \(LedgerRow.columns), class
            """)
        // RETURNING promises no order.
        return try rows.map { (try LedgerRow($0), try $0.int(37)) }
            .sorted { ($0.1, $0.0.dueAt, $0.0.id) < ($1.1, $1.0.dueAt, $1.0.id) }
            .map(\.0)
    }

    /// claimed → planned: not now. Nothing left the machine.
    package static func putBack(
        _ row: LedgerRow, until due: Timestamp, reason: String?, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE messages SET status = 'planned', due_at = \(due), reason = \(reason), claim_token = NULL,
                claim_until = NULL, updated_at = \(now)
            WHERE id = \(row.id) AND status = 'claimed' AND claim_token = \(row.claimToken) AND version = \(row.version)
            """) == 1
    }

    /// planned or claimed → suppressed or cancelled, by the decision taken on this claim.
    package static func stop(
        _ row: LedgerRow, as status: MessageStatus, reason: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE messages SET status = \(status.rawValue), reason = \(reason), claim_token = NULL,
                claim_until = NULL, updated_at = \(now)
            WHERE id = \(row.id) AND status = 'claimed' AND claim_token = \(row.claimToken) AND version = \(row.version)
            """) == 1
    }

    /// claimed → failed: the channel could not build its call. Nothing left.
    package static func reject(
        _ row: LedgerRow, _ failure: Failure, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE messages SET status = 'failed', reason = NULL, failure_class = \(failure.failureClass.rawValue),
                failure_code = \(failure.code), failure_detail = \(failure.detail), failed_at = \(now),
                claim_token = NULL, claim_until = NULL, updated_at = \(now)
            WHERE id = \(row.id) AND status = 'claimed' AND claim_token = \(row.claimToken)
            """) == 1
    }

    /// claimed → planned, due as it was: the decision was taken on facts that have changed.
    package static func release(_ row: LedgerRow, at now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE messages SET status = 'planned', claim_token = NULL, claim_until = NULL, updated_at = \(now)
            WHERE id = \(row.id) AND status = 'claimed' AND claim_token = \(row.claimToken)
            """)
    }

    /// claimed → handed_over, and the row of the attempt. Only when this commits may the bytes leave.
    /// - Parameters:
    ///   - lease: the sending number's, as its holder knows it: its epoch fences out a node that lost it.
    ///   - answerWithin: a row still without an answer after that becomes unknown.
    package static func handOver(
        _ row: LedgerRow, to recipient: String, sendingNumber: String, lease: Lease, answerWithin: Timestamp.Span,
        at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        let taken = try tx.run(
            """
            UPDATE messages SET status = 'handed_over', handed_over_at = \(now), recipient = \(recipient),
                attempts = attempts + 1, reason = NULL,
                claim_until = \(tx.engine.now) + \(answerWithin.milliseconds), updated_at = \(now)
            WHERE id = \(row.id) AND status = 'claimed' AND claim_token = \(row.claimToken)
                AND version = \(row.version) AND claim_until > \(tx.engine.now)
                AND EXISTS (
                    SELECT 1 FROM leases
                    WHERE name = \(lease.name) AND owner = \(lease.owner) AND epoch = \(lease.epoch)
                        AND held_until > \(tx.engine.now))
            """)
        guard taken == 1 else { return false }
        try tx.run(
            """
            INSERT INTO attempts
                (message_id, n, claim_token, channel, sending_number, epoch, handed_over_at)
            VALUES (\(row.id), \(row.attempts + 1), \(row.claimToken), \(row.channel), \(sendingNumber),
                \(lease.epoch), \(now))
            """)
        return true
    }

    /// handed_over → planned: refused in a way that may be tried again, or it never left.
    package static func planAgain(
        _ id: ID, token: ID, due: Timestamp, reason: String?, tries: LedgerRow.Tries, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE messages SET status = 'planned', due_at = \(due), reason = \(reason), rate_tries = \(tries.rate),
                server_tries = \(tries.server), network_tries = \(tries.network), claim_token = NULL,
                claim_until = NULL, updated_at = \(now)
            WHERE id = \(id) AND status = 'handed_over' AND claim_token = \(token)
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

    /// handed_over or unknown → accepted. A row that a status has already taken further only learns the id and time.
    ///
    /// The late answer to a try that was given up also stops its repeat, as long as that has not left; and where the
    /// repeat was stopped by somebody, it tells what the first try came to.
    package static func accept(
        _ id: ID, token: ID, providerID: String, isHeld: Bool, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        let moved = try tx.run(
            """
            UPDATE messages SET status = 'accepted', reason = \(isHeld ? "reason.held_for_quality" : nil),
                accepted_at = COALESCE(accepted_at, \(now)), provider_id = \(providerID), claim_token = NULL,
                claim_until = NULL, updated_at = \(now)
            WHERE id = \(id)
                AND ((status IN ('handed_over', 'unknown') AND claim_token = \(token))
                    OR (status IN ('planned', 'claimed', 'cancelled', 'suppressed') AND possible_duplicate = 1))
            """)
        if moved == 1 { return true }
        try tx.run(
            """
            UPDATE messages SET accepted_at = COALESCE(accepted_at, \(now)),
                provider_id = COALESCE(provider_id, \(providerID)), updated_at = \(now)
            WHERE id = \(id) AND status IN ('sent', 'delivered', 'read', 'failed')
            """)
        return false
    }

    /// A provider's status: up the ladder only; `failed` outranks accepted and sent. Every time is kept.
    ///
    /// Good news of an earlier attempt also stops a repeat that has not left yet, and corrects a row whose repeat was
    /// stopped; bad news of one that is no longer the latest says nothing of the message.
    package static func advance(
        _ attempt: AttemptRef, by update: StatusUpdate, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Bool {
        let id = attempt.messageID
        let notLeft: [MessageStatus] = [.planned, .claimed, .cancelled, .suppressed]
        let (column, below, ofLatest): (Query, [MessageStatus], Query)
        switch update.status {
        case .sent: (column, below, ofLatest) = ("sent_at", notLeft + [.handedOver, .unknown, .accepted], "1 = 1")
        case .delivered:
            (column, below, ofLatest) = ("delivered_at", notLeft + [.handedOver, .unknown, .accepted, .sent], "1 = 1")
        case .read:
            (column, below, ofLatest) = (
                "read_at", notLeft + [.handedOver, .unknown, .accepted, .sent, .delivered], "1 = 1"
            )
        case .failed:
            (column, below, ofLatest) = (
                "failed_at", [.handedOver, .unknown, .accepted, .sent], "attempts = \(attempt.number)"
            )
        default: return false
        }
        let moved = try tx.run(
            """
            UPDATE messages SET status = \(update.status.rawValue), reason = NULL,
                failure_class = \(update.failure?.failureClass.rawValue), failure_code = \(update.failure?.code),
                failure_detail = \(update.failure?.detail), provider_id = COALESCE(provider_id, \(update.providerID)),
                \(column) = COALESCE(\(column), \(update.at)), claim_token = NULL, claim_until = NULL,
                updated_at = \(now)
            WHERE id = \(id) AND status IN \(Query.list(below.map(\.rawValue))) AND \(ofLatest)
            """)
        if moved == 1 { return true }
        try tx.run(
            """
            UPDATE messages SET \(column) = COALESCE(\(column), \(update.at)),
                provider_id = COALESCE(provider_id, \(update.providerID)), updated_at = \(now)
            WHERE id = \(id) AND status IN ('sent', 'delivered', 'read', 'failed') AND \(ofLatest)
            """)
        return false
    }

    /// unknown → planned once more, marked for good as a possible duplicate.
    package static func resend(_ id: ID, at now: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        try tx.run(
            """
            UPDATE messages SET status = 'planned', due_at = \(now), reason = 'reason.resent_unconfirmed',
                possible_duplicate = 1, claim_token = NULL, claim_until = NULL, updated_at = \(now)
            WHERE id = \(id) AND status = 'unknown' AND possible_duplicate = 0
            """) == 1
    }
}
