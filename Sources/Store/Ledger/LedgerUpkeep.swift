package import Core
package import Domain
package import SQL

/// What time and people do to the ledger: leases that end, unknowns that stay unknown, consents that change.
package enum LedgerUpkeep {
    /// claimed → planned for claims whose time is over; nothing of them left the machine. Rows that another node is
    /// changing at this moment are passed over: it may have been stopped in the middle of it.
    package static func releaseClaims(at now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE messages SET status = 'planned', claim_token = NULL, claim_until = NULL, updated_at = \(now)
            WHERE id IN (
                SELECT id FROM messages WHERE status = 'claimed' AND claim_until <= \(tx.engine.now)
                ORDER BY id LIMIT \(batch)\(tx.engine.skippingLocked))
            """)
    }

    /// claimed → planned for what the former holder of a sending number had in hand. Were it still alive it could not
    /// hand its claims over any more; so none needs to wait for its end.
    package static func releaseClaims(
        of channel: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            UPDATE messages SET status = 'planned', claim_token = NULL, claim_until = NULL, updated_at = \(now)
            WHERE id IN (
                SELECT id FROM messages WHERE status = 'claimed' AND channel = \(channel)
                ORDER BY id LIMIT \(batch)\(tx.engine.skippingLocked))
            """)
    }

    /// claimed, handed_over or unknown → planned for a claim of this process whose turn broke off before anything was
    /// submitted: whatever of it was committed, nothing left.
    package static func takeBack(_ token: ID, at now: Timestamp, in tx: any WriteTransaction) throws {
        let rows = try tx.rows(
            """
            UPDATE messages SET status = 'planned', claim_token = NULL, claim_until = NULL, updated_at = \(now)
            WHERE claim_token = \(token) AND status IN ('claimed', 'handed_over', 'unknown') RETURNING id
            """)
        guard !rows.isEmpty else { return }
        let undone = try tx.rows(
            """
            UPDATE attempts SET outcome = 'not_sent', code = 'not_submitted', answered_at = \(now)
            WHERE message_id IN \(Query.list(try rows.map { try $0.id(0).number })) AND claim_token = \(token)
            RETURNING message_id
            """)
        let lines = try undone.map { TrailTable.Line(try $0.id(0), TrailNote("did_not_leave")) }
        try TrailTable.add(lines, at: now, in: tx)
    }

    /// handed_over → unknown for rows whose answer is overdue.
    package static func giveUpWaiting(
        at now: Timestamp, in tx: any WriteTransaction
    ) throws -> [ID] {
        try unanswered(
            """
            id IN (
                SELECT id FROM messages WHERE status = 'handed_over' AND claim_until <= \(tx.engine.now)
                ORDER BY id LIMIT \(batch)\(tx.engine.skippingLocked))
            """, at: now, in: tx)
    }

    /// What a process left behind that is proved dead (SQLite's folder lock): its claims are free at once, and
    /// what it handed over without recording an answer is unknown.
    package static func takeOver(at now: Timestamp, in tx: any WriteTransaction) throws -> [ID] {
        try tx.run(
            """
            UPDATE messages SET status = 'planned', claim_token = NULL, claim_until = NULL, updated_at = \(now)
            WHERE status = 'claimed'
            """)
        return try unanswered("1 = 1", at: now, in: tx)
    }

    /// How many rows one statement of these takes at most; the next turn goes on.
    private static let batch = 500

    private static func unanswered(
        _ condition: Query, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> [ID] {
        let ids = try tx.rows(
            """
            UPDATE messages SET status = 'unknown', reason = 'reason.no_answer', claim_until = NULL, updated_at = \(now)
            WHERE status = 'handed_over' AND \(condition) RETURNING id
            """
        ).map { try $0.id(0) }
        for start in stride(from: 0, to: ids.count, by: batch) {
            let some = Array(ids[start..<min(start + batch, ids.count)])
            try tx.run(
                """
                UPDATE attempts SET outcome = 'unknown', code = 'no_answer', answered_at = \(now)
                WHERE message_id IN \(Query.list(some.map(\.number))) AND outcome IS NULL
                """)
        }
        let note = TrailNote("unknown", ["code": "no_answer"])
        try TrailTable.add(ids.map { TrailTable.Line($0, note) }, at: now, in: tx)
        return ids
    }

    /// Unknown rows handed over before `limit`, that may be sent once more: orders and payments only.
    /// - Parameter oldest: what was first due earlier is too late to be said again and stays unknown.
    package static func unconfirmed(
        before limit: Timestamp, firstDueSince oldest: Timestamp?, in tx: any ReadTransaction
    ) throws -> [ID] {
        let inTime: Query = oldest.map { "first_due_at >= \($0)" } ?? "1 = 1"
        return try tx.rows(
            """
            SELECT id FROM messages
            WHERE status = 'unknown' AND handed_over_at <= \(limit) AND possible_duplicate = 0
                AND purpose IN ('orders', 'payments') AND \(inTime)
            ORDER BY handed_over_at LIMIT 200
            """
        ).map { try $0.id(0) }
    }

    /// A withdrawal suppresses what has not left yet, in the withdrawal's own transaction.
    /// - Returns: what was stopped, for the hooks.
    package static func consentWithdrawn(
        contact: ID, purpose: Purpose, reason: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> [LedgerRow] {
        let rows = try tx.rows(
            """
            UPDATE messages SET status = 'suppressed', reason = \(reason), claim_token = NULL, claim_until = NULL,
                version = version + 1, updated_at = \(now)
            WHERE contact_id = \(contact) AND purpose = \(purpose.rawValue) AND status IN ('planned', 'claimed')
            RETURNING \(LedgerRow.columns)
            """
        ).map(LedgerRow.init)
        for row in rows {
            try TrailTable.add(TrailNote("suppressed", ["reason": reason]), to: row.id, at: now, in: tx)
        }
        return rows
    }

    /// A grant makes rows that wait for consent due at once, and has decisions under way taken again.
    package static func consentGranted(
        contact: ID, purpose: Purpose, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            UPDATE messages SET due_at = CASE WHEN reason = 'reason.consent_pending' THEN \(now) ELSE due_at END,
                version = version + 1, updated_at = \(now)
            WHERE contact_id = \(contact) AND purpose = \(purpose.rawValue) AND status IN ('planned', 'claimed')
            """)
    }

    /// A corrected phone makes an order somebody else's: its rows that have not left go there.
    package static func readdress(
        _ source: MessageSource.Kind, _ id: ID, to contact: ID, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        let rows = try tx.rows(
            """
            UPDATE messages SET contact_id = \(contact), version = version + 1, updated_at = \(now)
            WHERE source_kind = \(source.rawValue) AND source_id = \(id) AND contact_id <> \(contact)
                AND status IN ('planned', 'claimed')
            RETURNING id
            """)
        for row in rows { try TrailTable.add(TrailNote("readdressed"), to: try row.id(0), at: now, in: tx) }
    }

    /// cancelled → planned for what one source was kept from saying, once that is mended; due when it was, or now.
    package static func revive(
        _ source: MessageSource.Kind, _ id: ID, cancelledFor reason: String, to contact: ID, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws {
        let rows = try tx.rows(
            """
            UPDATE messages SET status = 'planned', reason = NULL, contact_id = \(contact),
                due_at = CASE WHEN due_at > \(now) THEN due_at ELSE \(now) END,
                first_due_at = CASE WHEN due_at > \(now) THEN due_at ELSE \(now) END,
                version = version + 1, updated_at = \(now)
            WHERE source_kind = \(source.rawValue) AND source_id = \(id) AND status = 'cancelled'
                AND reason = \(reason)
                AND NOT EXISTS (
                    SELECT 1 FROM attempts
                    WHERE message_id = messages.id AND (outcome IS NULL OR outcome IN ('accepted', 'unknown')))
            RETURNING id
            """)
        for row in rows { try TrailTable.add(TrailNote("revived"), to: try row.id(0), at: now, in: tx) }
    }

    /// planned or claimed → cancelled for everything that one source still has to say.
    /// - Returns: what was stopped, for the hooks.
    package static func cancelAll(
        of source: MessageSource.Kind, _ id: ID, reason: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> [LedgerRow] {
        let rows = try tx.rows(
            """
            UPDATE messages SET status = 'cancelled', reason = \(reason), claim_token = NULL, claim_until = NULL,
                version = version + 1, updated_at = \(now)
            WHERE source_kind = \(source.rawValue) AND source_id = \(id) AND status IN ('planned', 'claimed')
            RETURNING \(LedgerRow.columns)
            """
        ).map(LedgerRow.init)
        for row in rows {
            try TrailTable.add(TrailNote("cancelled", ["reason": reason]), to: row.id, at: now, in: tx)
        }
        return rows
    }

    /// planned or claimed → cancelled for one message, by a person's word. Nil when it has left or ended.
    package static func cancel(
        _ id: ID, reason: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> LedgerRow? {
        let cancelled = try tx.first(
            """
            UPDATE messages SET status = 'cancelled', reason = \(reason), claim_token = NULL, claim_until = NULL,
                version = version + 1, updated_at = \(now)
            WHERE id = \(id) AND status IN ('planned', 'claimed')
            RETURNING \(LedgerRow.columns)
            """
        ).map(LedgerRow.init)
        guard let cancelled else { return nil }
        try TrailTable.add(TrailNote("cancelled", ["reason": reason]), to: id, at: now, in: tx)
        return cancelled
    }

    /// Rows that wait for a pause to be lifted are due at once.
    package static func dueNow(waitingFor reason: String, at now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE messages SET due_at = \(now), updated_at = \(now)
            WHERE status = 'planned' AND reason = \(reason) AND due_at > \(now)
            """)
    }

    /// When something next falls due: a planned row, the end of a lease, or an answer that is overdue.
    package static func nextDue(in tx: any ReadTransaction) throws -> Timestamp? {
        let row = try tx.first(
            """
            SELECT min(at) FROM (
                SELECT min(due_at) AS at FROM messages WHERE status = 'planned' AND class = 0
                UNION ALL SELECT min(due_at) FROM messages WHERE status = 'planned' AND class = 1
                UNION ALL SELECT min(claim_until) FROM messages WHERE status IN ('claimed', 'handed_over')) AS times
            """)
        return try row?.timeOrNil(0)
    }
}
