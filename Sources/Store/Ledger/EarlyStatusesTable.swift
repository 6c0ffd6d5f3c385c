package import Core
package import Domain
package import SQL

/// Statuses that came before our own answer told us the provider's id: kept, and matched when it does.
package enum EarlyStatusesTable {
    /// Keeps these, in their order.
    package static func add(_ updates: [StatusUpdate], at now: Timestamp, in tx: any WriteTransaction) throws {
        _ = try tx.runAll(
            updates.map { update in
                let failure = update.failure
                return """
                    INSERT INTO early_statuses
                        (id, channel, provider_id, status, at, failure_class, failure_code, failure_detail, received_at)
                    VALUES (\(ID.make(at: now)), \(update.channel), \(update.providerID), \(update.status.rawValue),
                        \(update.at), \(failure?.failureClass.rawValue), \(failure?.code), \(failure?.detail), \(now))
                    """
            })
    }

    /// Takes out what is kept for these ids, in order of arrival.
    package static func take(
        providerIDs: [String], channel: String, in tx: any WriteTransaction
    ) throws -> [StatusUpdate] {
        guard !providerIDs.isEmpty else { return [] }
        return try take("provider_id IN \(Query.list(providerIDs)) AND channel = \(channel)", in: tx)
    }

    /// Takes out what is kept for ids that attempts have by now, in order of arrival: where a status was stored while
    /// the answer that tells its id was being committed, neither saw the other.
    /// - Parameter start: what came before has been looked at.
    package static func takeMatched(since start: Timestamp, in tx: any WriteTransaction) throws -> [StatusUpdate] {
        try take("id IN (SELECT id FROM (\(matched(since: start))) AS matched)", in: tx)
    }

    package static func hasMatched(since start: Timestamp, in tx: any ReadTransaction) throws -> Bool {
        try tx.first(matched(since: start)) != nil
    }

    private static func matched(since start: Timestamp) -> Query {
        """
        SELECT early.id FROM early_statuses early
        JOIN attempts ON attempts.provider_id = early.provider_id AND attempts.channel = early.channel
        WHERE early.received_at >= \(start)
        LIMIT 200
        """
    }

    private static func take(_ condition: Query, in tx: any WriteTransaction) throws -> [StatusUpdate] {
        let rows = try tx.rows(
            """
            DELETE FROM early_statuses WHERE \(condition)
            RETURNING id, status, at, failure_class, failure_code, failure_detail, channel, provider_id
            """)
        return try rows.map { row in
            let failureClass = try row.textOrNil(3).flatMap(FailureClass.init(rawValue:))
            let failure = try failureClass.map {
                Failure($0, code: try row.textOrNil(4) ?? "", detail: try row.textOrNil(5) ?? "")
            }
            return (
                try row.id(0),
                StatusUpdate(
                    channel: try row.text(6), providerID: try row.text(7),
                    status: try row.choice(1, MessageStatus.self), at: try row.time(2), failure: failure)
            )
        }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    package static func forget(before limit: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM early_statuses WHERE received_at < \(limit)")
    }
}
