package import Core
package import Domain
package import SQL

/// Messages that should have left by now, asked about before a database that was held goes on: from where it was
/// copied, they may have been sent.
package enum OverdueMessages {
    package struct Group: Sendable, Equatable {
        package var purpose: Purpose
        package var count: Int
        /// When the oldest was due.
        package var oldest: Timestamp
    }

    /// The reason of a message that was called off here, and of one that waits for the owner's word.
    package static let cancelled = "reason.overdue_copy"
    package static let waiting = "reason.not_confirmed"

    /// So many rows are counted at most.
    package static let cap = 100_000
    private static let step = 200

    /// By purpose, the longest overdue first.
    package static func all(by now: Timestamp, in tx: any ReadTransaction) throws -> [Group] {
        try tx.rows(
            """
            SELECT purpose, count(*), min(due_at) FROM (
                SELECT purpose, due_at FROM messages
                WHERE status = 'planned' AND class IN (0, 1) AND due_at <= \(now) LIMIT \(cap)) AS overdue
            GROUP BY purpose ORDER BY min(due_at), purpose
            """
        ).map { row in
            Group(purpose: try row.choice(0, Purpose.self), count: try row.int(1), oldest: try row.time(2))
        }
    }

    /// planned or claimed → cancelled for a number of rows that were due by `limit`; called until none is left.
    /// - Parameter resending: messages without a word of what became of them would be sent once more: those too.
    /// - Returns: what was stopped, for the hooks.
    package static func cancel(
        dueBy limit: Timestamp, resending: Bool, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> [LedgerRow] {
        var ids = try tx.rows(
            """
            SELECT id FROM messages WHERE status = 'planned' AND class IN (0, 1) AND due_at <= \(limit) LIMIT \(step)
            """
        ).map { try $0.id(0) }
        if ids.isEmpty {
            ids = try tx.rows(
                "SELECT id FROM messages WHERE status = 'claimed' AND due_at <= \(limit) LIMIT \(step)"
            ).map { try $0.id(0) }
        }
        if ids.isEmpty, resending {
            for id in try LedgerUpkeep.unconfirmed(before: limit, firstDueSince: nil, in: tx)
            where try LedgerMoves.resend(id, at: now, in: tx) {
                ids.append(id)
            }
        }
        return try ids.compactMap { try LedgerUpkeep.cancel($0, reason: cancelled, at: now, in: tx) }
    }

    /// Says of each message that is due why it waits, and writes that into its trail.
    /// - Parameter since: what was due before it has its reason already.
    /// - Returns: how many were told.
    package static func explain(
        dueAfter since: Timestamp, by now: Timestamp, in tx: any WriteTransaction
    ) throws -> Int {
        let rows = try tx.rows(
            """
            UPDATE messages SET reason = \(waiting), updated_at = \(now)
            WHERE id IN (
                SELECT id FROM messages
                WHERE status = 'planned' AND class IN (0, 1) AND due_at > \(since) AND due_at <= \(now)
                    AND (reason IS NULL OR reason <> \(waiting))
                LIMIT \(step))
            RETURNING id
            """)
        try TrailTable.add(
            try rows.map { TrailTable.Line(try $0.id(0), TrailNote("held")) }, at: now, in: tx)
        return rows.count
    }
}
