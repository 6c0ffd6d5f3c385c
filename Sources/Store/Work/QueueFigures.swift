package import Core
package import Domain
package import SQL

/// How much there is of what, and how long it has waited: for operators, cheap at a million rows.
package struct QueueFigures: Sendable, Equatable {
    package struct Count: Sendable, Equatable {
        package var status: MessageStatus
        package var channel: String
        package var count: Int
    }

    /// By status and channel; of each status at most `cap` are counted.
    package var messages: [Count]
    /// Due and not yet in hand: since when the one is due that has waited longest.
    package var oldestPlanned: Timestamp?
    package var oldestDelivery: Timestamp?
    package var oldestEvent: Timestamp?

    package static func read(cap: Int, at now: Timestamp, in tx: any ReadTransaction) throws -> QueueFigures {
        QueueFigures(
            messages: try MessageStatus.allCases.flatMap { try counts($0, cap: cap, in: tx) },
            oldestPlanned: try oldestPlanned(in: tx).flatMap { $0 <= now ? $0 : nil },
            oldestDelivery: try oldest("deliveries", in: tx).flatMap { $0 <= now ? $0 : nil },
            oldestEvent: try oldest("events", in: tx).flatMap { $0 <= now ? $0 : nil })
    }

    private static func counts(_ status: MessageStatus, cap: Int, in tx: any ReadTransaction) throws -> [Count] {
        try tx.rows(
            """
            SELECT channel, count(*) FROM (
                SELECT channel FROM messages WHERE status = \(status.rawValue) ORDER BY id DESC LIMIT \(cap)
            ) AS counted GROUP BY channel ORDER BY channel
            """
        ).map { Count(status: status, channel: try $0.text(0), count: try $0.int(1)) }
    }

    /// Since when the message, delivery or event waits that is due first; it may lie ahead.
    package static func oldestDue(in tx: any ReadTransaction) throws -> Timestamp? {
        try [oldestPlanned(in: tx), oldest("deliveries", in: tx), oldest("events", in: tx)].compactMap(\.self).min()
    }

    /// Each class by itself: the index of what is due begins with it.
    private static func oldestPlanned(in tx: any ReadTransaction) throws -> Timestamp? {
        try tx.first(
            """
            SELECT min(due_at) FROM (
                SELECT min(due_at) AS due_at FROM messages WHERE status = 'planned' AND class = 0
                UNION ALL SELECT min(due_at) FROM messages WHERE status = 'planned' AND class = 1) AS due
            """
        )?.timeOrNil(0)
    }

    private static func oldest(_ table: StaticString, in tx: any ReadTransaction) throws -> Timestamp? {
        try tx.first(Query(stringLiteral: "SELECT min(due_at) FROM \(table) WHERE state = 'waiting'"))?.timeOrNil(0)
    }
}
