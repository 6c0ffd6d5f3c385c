package import Core
package import SQL

/// What is stopped for now, and why: a sending number, a template, a person.
package enum PausesTable {
    package enum Scope: String, Sendable {
        case number, template, person
    }

    package struct Pause: Sendable, Equatable {
        package var scope: Scope
        /// The number's provider id, `<channel>:<name>:<language>`, or the contact's id.
        package var subject: String
        package var reason: String
        package var code: String?
        package var since: Timestamp
        /// Nil until somebody lifts it.
        package var until: Timestamp?
    }

    package static func set(
        _ scope: Scope, _ subject: String, reason: String, code: String?, until: Timestamp?, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO pauses (scope, subject, reason, code, since, until)
            VALUES (\(scope.rawValue), \(subject), \(reason), \(code), \(now), \(until))
            ON CONFLICT (scope, subject) DO UPDATE SET reason = excluded.reason, code = excluded.code,
                until = excluded.until
            """)
    }

    package static func lift(_ scope: Scope, _ subject: String, in tx: any WriteTransaction) throws -> Bool {
        try tx.run("DELETE FROM pauses WHERE scope = \(scope.rawValue) AND subject = \(subject)") == 1
    }

    /// Lifts the pauses of every sending number of a channel. Returns whether there were some.
    package static func liftNumbers(of channel: String, in tx: any WriteTransaction) throws -> Bool {
        // ";" follows ":" in byte order: the range holds every subject that begins with the channel and a colon.
        try tx.run(
            """
            DELETE FROM pauses
            WHERE scope = 'number' AND subject >= \(channel + ":") AND subject < \(channel + ";")
            """) > 0
    }

    /// Lifts every pause of a channel that is gone: of its numbers and its templates.
    package static func removeAll(channel: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            DELETE FROM pauses
            WHERE scope IN ('number', 'template') AND subject >= \(channel + ":") AND subject < \(channel + ";")
            """)
    }

    package static func find(
        _ scope: Scope, _ subject: String, at now: Timestamp, in tx: any ReadTransaction
    ) throws -> Pause? {
        try tx.first(
            """
            SELECT scope, subject, reason, code, since, until FROM pauses
            WHERE scope = \(scope.rawValue) AND subject = \(subject) AND (until IS NULL OR until > \(now))
            """
        ).map(read)
    }

    /// Those of these subjects that hold now.
    package static func all(
        _ scope: Scope, of subjects: Set<String>, at now: Timestamp, in tx: any ReadTransaction
    ) throws -> [String: Pause] {
        guard !subjects.isEmpty else { return [:] }
        let pauses = try tx.rows(
            """
            SELECT scope, subject, reason, code, since, until FROM pauses
            WHERE scope = \(scope.rawValue) AND subject IN \(Query.list(subjects.sorted()))
                AND (until IS NULL OR until > \(now))
            """
        ).map(read)
        return Dictionary(uniqueKeysWithValues: pauses.map { ($0.subject, $0) })
    }

    /// All that hold now, for the dashboard.
    package static func all(at now: Timestamp, in tx: any ReadTransaction) throws -> [Pause] {
        try tx.rows(
            """
            SELECT scope, subject, reason, code, since, until FROM pauses
            WHERE scope <> 'person' AND (until IS NULL OR until > \(now)) ORDER BY since LIMIT 50
            """
        ).map(read)
    }

    private static func read(_ row: Row) throws(DatabaseError) -> Pause {
        Pause(
            scope: try row.choice(0, Scope.self), subject: try row.text(1), reason: try row.text(2),
            code: try row.textOrNil(3), since: try row.time(4), until: try row.timeOrNil(5))
    }
}
