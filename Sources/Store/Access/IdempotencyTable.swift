package import Core
package import SQL

/// First answers to requests that carried an `Idempotency-Key`, kept for 24 hours per key and path.
///
///     nothing ──begin──▶ running ──finish──▶ answered ──24 h──▶ removed
///                           └────abandon────▶ nothing
///
/// `finish` belongs in the transaction of the request's effect.
package enum IdempotencyTable {
    package static let life = Timestamp.Span.hours(24)
    /// A request that died with its node is taken over after this long. One that only stood still has no effect when it
    /// goes on: `finish` finds the key in other hands.
    package static let patience = Timestamp.Span.seconds(20)

    package struct Key: Sendable, Hashable {
        package var token: ID
        package var path: String
        package var key: String

        package init(token: ID, path: String, key: String) {
            self.token = token
            self.path = path
            self.key = key
        }
    }

    package struct Answer: Sendable, Equatable {
        package var status: Int
        package var headers: [String: String]
        package var body: [UInt8]

        package init(status: Int, headers: [String: String], body: [UInt8]) {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    package enum Start: Sendable, Equatable {
        /// The caller does the work and then says `finish` or `abandon`.
        case goOn
        case replay(Answer)
        /// Another request under this key is at work: 409.
        case running
        /// The key was used with another body: 422.
        case mismatch
    }

    package static func begin(
        _ key: Key, requestHash: [UInt8], at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Start {
        let taken = try tx.run(
            """
            INSERT INTO idempotency (token_id, path, key, request_hash, created_at)
            VALUES (\(key.token), \(key.path), \(key.key), \(requestHash), \(now))
            ON CONFLICT (token_id, path, key) DO UPDATE
            SET request_hash = excluded.request_hash, created_at = excluded.created_at, status = NULL,
                headers = NULL, body = NULL
            WHERE idempotency.created_at <= \(now - life)
                OR (idempotency.status IS NULL AND idempotency.created_at <= \(now - patience)
                    AND idempotency.request_hash = excluded.request_hash)
            """)
        if taken > 0 { return .goOn }
        guard
            let row = try tx.first(
                "SELECT request_hash, status, headers, body FROM idempotency WHERE \(matches(key))")
        else { return .running }
        if try row.bytes(0) != requestHash { return .mismatch }
        guard let status = try row.integerOrNil(1) else { return .running }
        return .replay(
            Answer(status: Int(status), headers: try JSONColumn.words(row.text(2)), body: try row.bytes(3)))
    }

    /// - Parameter start: the time given to `begin`.
    /// - Returns: false when the key was taken over meanwhile; the effect must then be undone.
    package static func finish(
        _ key: Key, begunAt start: Timestamp, with answer: Answer, in tx: any WriteTransaction
    ) throws -> Bool {
        try tx.run(
            """
            UPDATE idempotency
            SET status = \(answer.status), headers = \(JSONColumn.text(answer.headers)), body = \(answer.body)
            WHERE \(matches(key)) AND created_at = \(start)
            """) == 1
    }

    /// The work failed without an effect: the key may be tried again.
    package static func abandon(_ key: Key, begunAt start: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM idempotency WHERE \(matches(key)) AND created_at = \(start) AND status IS NULL")
    }

    package static func removeExpired(by now: Timestamp, in tx: any WriteTransaction) throws -> Int {
        try tx.run("DELETE FROM idempotency WHERE created_at <= \(now - life)")
    }

    private static func matches(_ key: Key) -> Query {
        "token_id = \(key.token) AND path = \(key.path) AND key = \(key.key)"
    }
}
