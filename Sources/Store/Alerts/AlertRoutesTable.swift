package import Core
package import SQL

/// How each route by which alerts are told went last.
package enum AlertRoutesTable {
    package struct Entry: Sendable, Equatable {
        /// `email`, `webhook`, `whatsapp`.
        package var route: String
        package var lastWentAt: Timestamp?
        package var lastFailedAt: Timestamp?
        /// In words of the peer; kept until it goes well again.
        package var lastError: String?
        /// The message of the ledger by which it was told last, for a route that goes through the ledger.
        package var lastMessage: ID?
    }

    package static func went(
        _ route: String, message: ID? = nil, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO alert_routes (route, last_went_at, last_message_id) VALUES (\(route), \(now), \(message))
            ON CONFLICT (route) DO UPDATE SET last_went_at = excluded.last_went_at, last_error = NULL,
                last_message_id = excluded.last_message_id
            """)
    }

    package static func failed(
        _ route: String, error: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO alert_routes (route, last_failed_at, last_error) VALUES (\(route), \(now), \(error))
            ON CONFLICT (route) DO UPDATE
            SET last_failed_at = excluded.last_failed_at, last_error = excluded.last_error
            """)
    }

    package static func all(in tx: any ReadTransaction) throws -> [Entry] {
        try tx.rows(
            "SELECT route, last_went_at, last_failed_at, last_error, last_message_id FROM alert_routes ORDER BY route"
        ).map {
            Entry(
                route: try $0.text(0), lastWentAt: try $0.timeOrNil(1), lastFailedAt: try $0.timeOrNil(2),
                lastError: try $0.textOrNil(3), lastMessage: try $0.idOrNil(4))
        }
    }
}
