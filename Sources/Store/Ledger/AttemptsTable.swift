package import Core
package import Domain
package import SQL

/// One row per try: who was asked, and what came back.
package enum AttemptsTable {
    package struct Attempt: Sendable, Equatable {
        package var number: Int
        package var at: Timestamp
        /// `accepted`, `refused`, `not_sent`, `unknown`; nil while the answer is out.
        package var outcome: String?
        package var httpStatus: Int?
        package var code: String?
        package var detail: String?
        package var providerID: String?
        package var claimToken: ID
    }

    package struct Answer: Sendable, Equatable {
        package var outcome: String
        package var httpStatus: Int?
        package var code: String?
        package var detail: String?
        package var providerID: String?

        package init(
            _ outcome: String, httpStatus: Int? = nil, code: String? = nil, detail: String? = nil,
            providerID: String? = nil
        ) {
            self.outcome = outcome
            self.httpStatus = httpStatus
            self.code = code
            self.detail = detail
            self.providerID = providerID
        }
    }

    /// Records the answer to one attempt by its own token, whoever holds the lease now. An attempt that was given
    /// up as unknown still takes its late answer.
    package static func answer(
        _ attempt: AttemptRef, token: ID, _ answer: Answer, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            UPDATE attempts SET outcome = \(answer.outcome), http_status = \(answer.httpStatus), code = \(answer.code),
                detail = \(answer.detail), provider_id = COALESCE(provider_id, \(answer.providerID)),
                answered_at = \(now)
            WHERE message_id = \(attempt.messageID) AND n = \(attempt.number) AND claim_token = \(token)
                AND (outcome IS NULL OR outcome = 'unknown')
            """)
    }

    package static func all(of message: ID, in tx: any ReadTransaction) throws -> [Attempt] {
        try tx.rows(
            """
            SELECT n, handed_over_at, outcome, http_status, code, detail, provider_id, claim_token FROM attempts
            WHERE message_id = \(message) ORDER BY n
            """
        ).map { row in
            Attempt(
                number: try row.int(0), at: try row.time(1), outcome: try row.textOrNil(2),
                httpStatus: try row.integerOrNil(3).map(Int.init), code: try row.textOrNil(4),
                detail: try row.textOrNil(5), providerID: try row.textOrNil(6), claimToken: try row.id(7))
        }
    }

    /// The message that a provider's id belongs to.
    package static func message(
        providerID: String, channel: String, in tx: any ReadTransaction
    ) throws -> AttemptRef? {
        try tx.first(
            "SELECT message_id, n FROM attempts WHERE provider_id = \(providerID) AND channel = \(channel)"
        ).map { AttemptRef(messageID: try $0.id(0), number: try $0.int(1)) }
    }

    package static func sendingNumber(_ attempt: AttemptRef, in tx: any ReadTransaction) throws -> String? {
        try tx.first(
            """
            SELECT sending_number FROM attempts
            WHERE message_id = \(attempt.messageID) AND n = \(attempt.number)
            """
        )?.text(0)
    }

    /// A status named an attempt of ours: it did arrive, under this id.
    package static func confirm(
        _ attempt: AttemptRef, providerID: String, in tx: any WriteTransaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE attempts SET outcome = CASE WHEN outcome = 'refused' THEN outcome ELSE 'accepted' END,
                provider_id = COALESCE(provider_id, \(providerID))
            WHERE message_id = \(attempt.messageID) AND n = \(attempt.number)
            """) == 1
    }
}
