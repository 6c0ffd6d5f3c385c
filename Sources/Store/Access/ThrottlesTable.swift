package import Core
package import SQL

/// Counters in fixed windows that hold for all nodes together: failed logins, public endpoints.
package enum ThrottlesTable {
    package struct Rule: Sendable {
        package var limit: Int
        package var window: Timestamp.Span

        package init(limit: Int, window: Timestamp.Span) {
            self.limit = limit
            self.window = window
        }
    }

    package enum Verdict: Sendable, Equatable {
        case pass
        /// Too many; for `Retry-After`.
        case wait(Timestamp.Span)
    }

    /// Counts one use of `key` (`login:<address>`, `consent:<visitor>`) and judges it. The window opens with the
    /// first use after the last one closed.
    package static func take(
        _ key: String, by rule: Rule, now: Timestamp, in tx: any WriteTransaction
    ) throws -> Verdict {
        let row = try tx.first(
            """
            INSERT INTO throttles (key, opened_at, ends_at, used)
            VALUES (\(key), \(now), \(now + rule.window), 1)
            ON CONFLICT (key) DO UPDATE
            SET used = CASE WHEN throttles.ends_at > \(now) THEN throttles.used + 1 ELSE 1 END,
                opened_at = CASE WHEN throttles.ends_at > \(now) THEN throttles.opened_at ELSE excluded.opened_at END,
                ends_at = CASE WHEN throttles.ends_at > \(now) THEN throttles.ends_at ELSE excluded.ends_at END
            RETURNING used, ends_at
            """)
        return try row.map { try verdict(used: $0.int(0) - 1, end: $0.time(1), by: rule, now: now) } ?? .pass
    }

    /// What the next use would be told, without counting it.
    package static func peek(
        _ key: String, by rule: Rule, now: Timestamp, in tx: any ReadTransaction
    ) throws -> Verdict {
        let row = try tx.first("SELECT used, ends_at FROM throttles WHERE key = \(key) AND ends_at > \(now)")
        return try row.map { try verdict(used: $0.int(0), end: $0.time(1), by: rule, now: now) } ?? .pass
    }

    /// A count after which each further use must wait ever longer: nobody is locked out for long, and nobody guesses
    /// fast.
    package struct Growing: Sendable {
        /// So many uses are not slowed down.
        package var free: Int
        /// The wait after the first use beyond those; it doubles with each further one, up to `longest`.
        package var first: Timestamp.Span
        package var longest: Timestamp.Span
        /// The count is forgotten when there was no use for so long.
        package var memory: Timestamp.Span

        package init(free: Int, first: Timestamp.Span, longest: Timestamp.Span, memory: Timestamp.Span) {
            self.free = free
            self.first = first
            self.longest = longest
            self.memory = memory
        }

        /// The wait after so many uses.
        package func wait(after used: Int) -> Timestamp.Span {
            guard used > free else { return .zero }
            return min(longest, first * (1 << Int64(min(used - free - 1, 30))))
        }
    }

    /// Counts one use of `key`, unless the wait after the one before is not over: then it is refused and not counted.
    package static func take(
        _ key: String, by rule: Growing, now: Timestamp, in tx: any WriteTransaction
    ) throws -> Verdict {
        let row = try tx.first(
            "SELECT used, opened_at FROM throttles WHERE key = \(key) AND ends_at > \(now)")
        let used = try row?.int(0) ?? 0
        if let row {
            let end = try row.time(1) + rule.wait(after: used)
            if end > now { return .wait(end - now) }
        }
        try tx.run(
            """
            INSERT INTO throttles (key, opened_at, ends_at, used)
            VALUES (\(key), \(now), \(now + rule.memory), \(used + 1))
            ON CONFLICT (key) DO UPDATE
            SET used = excluded.used, opened_at = excluded.opened_at, ends_at = excluded.ends_at
            """)
        return .pass
    }

    /// Takes one use back, as of a try that turned out right.
    package static func giveBack(_ key: String, in tx: any WriteTransaction) throws {
        try tx.run("UPDATE throttles SET used = used - 1 WHERE key = \(key) AND used > 0")
    }

    /// Forgets the count, as after a login that went well.
    package static func clear(_ key: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM throttles WHERE key = \(key)")
    }

    package static func removeEnded(by now: Timestamp, in tx: any WriteTransaction) throws -> Int {
        try tx.run("DELETE FROM throttles WHERE ends_at <= \(now)")
    }

    private static func verdict(used: Int, end: Timestamp, by rule: Rule, now: Timestamp) -> Verdict {
        used < rule.limit ? .pass : .wait(end - now)
    }
}
