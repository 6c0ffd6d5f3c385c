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

    /// What came back for one attempt, which its claim token proves to be ours.
    package struct Answer: Sendable, Equatable {
        package var attempt: AttemptRef
        package var token: ID
        package var outcome: String
        package var httpStatus: Int?
        package var code: String?
        package var detail: String?
        package var providerID: String?

        package init(
            _ attempt: AttemptRef, token: ID, _ outcome: String, httpStatus: Int? = nil, code: String? = nil,
            detail: String? = nil, providerID: String? = nil
        ) {
            self.attempt = attempt
            self.token = token
            self.outcome = outcome
            self.httpStatus = httpStatus
            self.code = code
            self.detail = detail
            self.providerID = providerID
        }
    }

    /// Records the answers to attempts by their own tokens, whoever holds the lease now. An attempt that was given
    /// up as unknown still takes its late answer.
    package static func answer(_ answers: [Answer], at now: Timestamp, in tx: any WriteTransaction) throws {
        guard !answers.isEmpty else { return }
        let values: [Query] = answers.map {
            """
            (\($0.attempt.messageID), \($0.attempt.number), \($0.token), \($0.outcome), \($0.httpStatus), \($0.code),
                \($0.detail), \($0.providerID))
            """
        }
        try tx.run(
            """
            WITH answer (message, number, token, word, http, said, more, provider) AS (
                VALUES \(Query.joined(values, ", ")))
            UPDATE attempts SET outcome = answer.word, http_status = answer.http, code = answer.said,
                detail = answer.more, provider_id = COALESCE(provider_id, answer.provider), answered_at = \(now)
            FROM answer
            WHERE message_id = answer.message AND n = answer.number AND claim_token = answer.token
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

    /// The same for many ids.
    package static func messages(
        providerIDs: Set<String>, channel: String, in tx: any ReadTransaction
    ) throws -> [String: AttemptRef] {
        guard !providerIDs.isEmpty else { return [:] }
        let rows = try tx.rows(
            """
            SELECT provider_id, message_id, n FROM attempts
            WHERE provider_id IN \(Query.list(providerIDs.sorted())) AND channel = \(channel)
            """)
        return try rows.reduce(into: [:]) { known, row in
            known[try row.text(0)] = AttemptRef(messageID: try row.id(1), number: try row.int(2))
        }
    }

    package static func sendingNumber(_ attempt: AttemptRef, in tx: any ReadTransaction) throws -> String? {
        try tx.first(
            """
            SELECT sending_number FROM attempts
            WHERE message_id = \(attempt.messageID) AND n = \(attempt.number)
            """
        )?.text(0)
    }

    /// Statuses named attempts of ours: they did arrive, under these ids.
    /// - Returns: those that there are.
    package static func confirm(
        _ named: [(attempt: AttemptRef, providerID: String)], in tx: any WriteTransaction
    ) throws -> Set<AttemptRef> {
        // Always in the same order: whoever does the same at this moment waits, and no two wait for each other.
        let named = named.sorted { $0.attempt.messageID < $1.attempt.messageID }
        let changed = try tx.runAll(
            named.map { attempt, providerID in
                """
                UPDATE attempts SET outcome = CASE WHEN outcome = 'refused' THEN outcome ELSE 'accepted' END,
                    provider_id = COALESCE(provider_id, \(providerID))
                WHERE message_id = \(attempt.messageID) AND n = \(attempt.number)
                """
            })
        return Set(zip(named, changed).filter { $0.1 == 1 }.map(\.0.attempt))
    }
}
