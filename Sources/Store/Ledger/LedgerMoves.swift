package import Core
package import Domain
package import SQL

/// The arrows of the ledger's state machine, each one conditional UPDATE that is right by its own WHERE:
///
///     planned ──claim──▶ claimed ──handOver──▶ handed_over ──accept──▶ accepted ──▶ sent ──▶ delivered ──▶ read
///        ▲                  │                       │                      └─────advance──────▶ failed
///        ├──settle, release─┤ (wait, facts that     ├──planAgain (a refusal that may be tried again, or it never left)
///        │                  │  changed, lease end)  ├──fail
///        ├──planAgain───────┼───────────────┐       │
///        └──resend───────── │ ────────── unknown ◀──┘ markUnknown (no telling answer)
///                           └──settle──▶ suppressed(reason) | cancelled(reason);  reject ▶ failed
///
/// This file has what the dispatcher does, a batch in a statement: the rows of one claim share its token. The answers'
/// arrows are in `LedgerMoves+Answers.swift`. A row that a statement does not return was somebody else's by then.
package enum LedgerMoves {
    /// Takes up to `limit` due rows, transactional ones first, then by due time.
    /// - Parameters:
    ///   - channel: the one that sends now. What was planned for another goes its way too: nobody else would take it.
    ///   - lease: the sending number's: who has lost it claims nothing.
    ///   - span: how long the claim holds, by the database's clock.
    package static func claim(
        limit: Int, channel: String, token: ID, under lease: Lease, for span: Timestamp.Span, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws -> [LedgerRow] {
        let lock = tx.engine.skippingLocked
        let rows = try tx.rows(
            """
            UPDATE messages SET status = 'claimed', channel = \(channel), claim_token = \(token),
                claim_until = \(tx.engine.now) + \(span.milliseconds), updated_at = \(now)
            WHERE id IN (
                SELECT id FROM messages
                WHERE status = 'planned' AND due_at <= \(now)
                ORDER BY class, due_at, id LIMIT \(limit)\(lock))
                AND \(LeasesTable.isHeld(lease, by: tx.engine))
            RETURNING \(LedgerRow.columns), class
            """)
        // RETURNING promises no order.
        return try rows.map { (try LedgerRow($0), try $0.int(37)) }
            .sorted { ($0.1, $0.0.dueAt, $0.0.id) < ($1.1, $1.0.dueAt, $1.0.id) }
            .map(\.0)
    }

    /// What was decided on a claimed row that does not leave now.
    package struct Verdict: Sendable {
        package var row: LedgerRow
        /// `planned` for one that waits, `suppressed` or `cancelled`.
        package var status: MessageStatus
        package var due: Timestamp
        package var reason: String

        package init(_ row: LedgerRow, _ status: MessageStatus, due: Timestamp, reason: String) {
            self.row = row
            self.status = status
            self.due = due
            self.reason = reason
        }
    }

    /// claimed → planned, suppressed or cancelled, by decisions taken on this claim and on the rows as they were read.
    /// - Returns: which were written.
    package static func settle(
        _ verdicts: [Verdict], token: ID, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Set<ID> {
        guard !verdicts.isEmpty else { return [] }
        let values: [Query] = verdicts.map {
            "(\($0.row.id), \($0.row.version), \($0.status.rawValue), \($0.due), \($0.reason))"
        }
        return try ids(
            """
            WITH verdict (message, seen, outcome, due, why) AS (VALUES \(Query.joined(values, ", ")))
            UPDATE messages SET status = verdict.outcome, due_at = verdict.due, reason = verdict.why,
                claim_token = NULL, claim_until = NULL, updated_at = \(now)
            FROM verdict
            WHERE id = verdict.message AND status = 'claimed' AND claim_token = \(token) AND version = verdict.seen
            RETURNING id
            """, in: tx)
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

    /// claimed → planned, due as they were: the decisions were taken on facts that have changed.
    package static func release(_ rows: [ID], token: ID, at now: Timestamp, in tx: any WriteTransaction) throws {
        guard !rows.isEmpty else { return }
        try tx.run(
            """
            UPDATE messages SET status = 'planned', claim_token = NULL, claim_until = NULL, updated_at = \(now)
            WHERE id IN \(Query.list(rows.map(\.number))) AND status = 'claimed' AND claim_token = \(token)
            """)
    }

    /// claimed → handed_over, and the rows of the attempts. Only when this commits may the bytes leave, and only those
    /// of the rows that it returns.
    /// - Parameters:
    ///   - lease: the sending number's, as its holder knows it: its epoch fences out a node that lost it.
    ///   - answerWithin: a row still without an answer after that becomes unknown.
    package static func handOver(
        _ leaving: [(row: LedgerRow, recipient: String)], token: ID, sendingNumber: String, lease: Lease,
        answerWithin: Timestamp.Span, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Set<ID> {
        guard !leaving.isEmpty else { return [] }
        let values: [Query] = leaving.map { "(\($0.row.id), \($0.row.version), \($0.recipient))" }
        let taken = try ids(
            """
            WITH leaving (message, seen, address) AS (VALUES \(Query.joined(values, ", ")))
            UPDATE messages SET status = 'handed_over', handed_over_at = \(now), recipient = leaving.address,
                attempts = attempts + 1, reason = NULL,
                claim_until = \(tx.engine.now) + \(answerWithin.milliseconds), updated_at = \(now)
            FROM leaving
            WHERE id = leaving.message AND status = 'claimed' AND claim_token = \(token) AND version = leaving.seen
                AND claim_until > \(tx.engine.now) AND \(LeasesTable.isHeld(lease, by: tx.engine))
            RETURNING id
            """, in: tx)
        guard !taken.isEmpty else { return [] }
        try tx.run(
            """
            INSERT INTO attempts (message_id, n, claim_token, channel, sending_number, epoch, handed_over_at)
            SELECT id, attempts, claim_token, channel, CAST(\(sendingNumber) AS TEXT), CAST(\(lease.epoch) AS BIGINT),
                handed_over_at
            FROM messages WHERE id IN \(Query.list(taken.map(\.number)))
            """)
        return taken
    }

    static func ids(_ query: Query, in tx: any WriteTransaction) throws -> Set<ID> {
        Set(try tx.rows(query).map { try $0.id(0) })
    }
}
