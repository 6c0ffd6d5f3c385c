package import Core
package import Domain
package import SQL

/// Statuses that came before our own answer told us the provider's id: kept, and matched when it does.
package enum EarlyStatusesTable {
    package static func add(_ update: StatusUpdate, at now: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO early_statuses
                (id, channel, provider_id, status, at, failure_class, failure_code, failure_detail, received_at)
            VALUES (\(ID.make(at: now)), \(update.channel), \(update.providerID), \(update.status.rawValue), \(update.at),
                \(update.failure?.failureClass.rawValue), \(update.failure?.code), \(update.failure?.detail), \(now))
            """)
    }

    /// Takes out what is kept for this id, in order of arrival.
    package static func take(
        providerID: String, channel: String, in tx: any WriteTransaction
    ) throws -> [StatusUpdate] {
        let rows = try tx.rows(
            """
            DELETE FROM early_statuses WHERE provider_id = \(providerID) AND channel = \(channel)
            RETURNING id, status, at, failure_class, failure_code, failure_detail
            """)
        return try rows.map { row in
            let failureClass = try row.textOrNil(3).flatMap(FailureClass.init(rawValue:))
            let failure = try failureClass.map {
                Failure($0, code: try row.textOrNil(4) ?? "", detail: try row.textOrNil(5) ?? "")
            }
            return (
                try row.id(0),
                StatusUpdate(
                    channel: channel, providerID: providerID, status: try row.choice(1, MessageStatus.self),
                    at: try row.time(2), failure: failure)
            )
        }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    package static func forget(before limit: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM early_statuses WHERE received_at < \(limit)")
    }
}
