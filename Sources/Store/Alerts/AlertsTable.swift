package import Core
package import SQL

/// One alert as it is kept.
package struct StoredAlert: Sendable, Equatable {
    /// What the routes were last told of it.
    package enum Told: String, Sendable {
        case open, closed
    }

    package var id: String
    /// `warning` or `bad`.
    package var severity: String
    package var word: String
    package var arguments: [String: String]
    package var href: String
    package var openedAt: Timestamp
    package var closedAt: Timestamp?
    /// How often it came back within an hour of being closed.
    package var reopened: Int
    /// Nil until a route was told.
    package var told: Told?
    package var lastToldAt: Timestamp?

    package init(
        id: String, severity: String, word: String, arguments: [String: String], href: String, openedAt: Timestamp
    ) {
        self.id = id
        self.severity = severity
        self.word = word
        self.arguments = arguments
        self.href = href
        self.openedAt = openedAt
        reopened = 0
    }

    /// Says the same of the same thing.
    func says(theSameAs other: StoredAlert) -> Bool {
        severity == other.severity && word == other.word && arguments == other.arguments && href == other.href
    }
}

/// What needs a person, open or closed: one row an id, for all processes together.
package enum AlertsTable {
    /// One that comes back sooner than this after it was closed is the same one.
    package static let sameWithin = Timestamp.Span.hours(1)

    private static let columns: Query =
        "id, severity, word, arguments, href, opened_at, closed_at, reopened, told, last_told_at"

    /// - Returns: whether it was not open before.
    @discardableResult
    package static func open(_ alert: StoredAlert, at now: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        guard let known = try find(alert.id, in: tx) else {
            try tx.run(
                """
                INSERT INTO alerts (id, severity, word, arguments, href, opened_at, reopened)
                VALUES (\(alert.id), \(alert.severity), \(alert.word), \(JSONColumn.text(alert.arguments)),
                    \(alert.href), \(now), 0)
                """)
            return true
        }
        let isSame = known.closedAt.map { now - $0 < sameWithin } ?? true
        let reopened = known.closedAt == nil ? known.reopened : known.reopened + 1
        let says: Query = """
            severity = \(alert.severity), word = \(alert.word), arguments = \(JSONColumn.text(alert.arguments)),
            href = \(alert.href), closed_at = NULL
            """
        if isSame {
            try tx.run("UPDATE alerts SET \(says), reopened = \(reopened) WHERE id = \(alert.id)")
        } else {
            try tx.run(
                """
                UPDATE alerts SET \(says), opened_at = \(now), reopened = 0, told = NULL, last_told_at = NULL
                WHERE id = \(alert.id)
                """)
        }
        return known.closedAt != nil
    }

    /// Whether opening it would change nothing: it is open and says the same.
    package static func isOpen(_ alert: StoredAlert, in tx: any ReadTransaction) throws -> Bool {
        guard let known = try find(alert.id, in: tx), known.closedAt == nil else { return false }
        return known.says(theSameAs: alert)
    }

    /// - Returns: whether it was open.
    @discardableResult
    package static func close(_ id: String, at now: Timestamp, in tx: any WriteTransaction) throws -> Bool {
        try tx.run("UPDATE alerts SET closed_at = \(now) WHERE id = \(id) AND closed_at IS NULL") > 0
    }

    package static func find(_ id: String, in tx: any ReadTransaction) throws -> StoredAlert? {
        try tx.first("SELECT \(columns) FROM alerts WHERE id = \(id)").map(read)
    }

    /// The worst first, then the oldest.
    package static func allOpen(in tx: any ReadTransaction) throws -> [StoredAlert] {
        try tx.rows(
            """
            SELECT \(columns) FROM alerts WHERE closed_at IS NULL
            ORDER BY CASE severity WHEN 'bad' THEN 0 ELSE 1 END, opened_at, id LIMIT 200
            """
        ).map(read)
    }

    /// The last closed first.
    package static func lastClosed(limit: Int, in tx: any ReadTransaction) throws -> [StoredAlert] {
        try tx.rows(
            """
            SELECT \(columns) FROM alerts WHERE closed_at IS NOT NULL ORDER BY closed_at DESC, id LIMIT \(limit)
            """
        ).map(read)
    }

    package static func countOpen(in tx: any ReadTransaction) throws -> Int {
        try tx.count("SELECT count(*) FROM alerts WHERE closed_at IS NULL")
    }

    /// What the routes have still to hear: opened and not told, open and last told before `since`, closed and told as
    /// open. One that comes and goes is told closed only once it has stayed so for an hour.
    package static func untold(
        repeatingBefore since: Timestamp, at now: Timestamp, in tx: any ReadTransaction
    ) throws -> [StoredAlert] {
        try tx.rows(
            """
            SELECT \(columns) FROM alerts
            WHERE (closed_at IS NULL AND (told IS NULL OR told = 'closed' OR last_told_at <= \(since)))
                OR (closed_at IS NOT NULL AND told = 'open' AND (reopened = 0 OR closed_at <= \(now - sameWithin)))
            ORDER BY CASE severity WHEN 'bad' THEN 0 ELSE 1 END, opened_at, id LIMIT 100
            """
        ).map(read)
    }

    package static func setTold(
        _ alert: StoredAlert, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        let told: StoredAlert.Told = alert.closedAt == nil ? .open : .closed
        try tx.run("UPDATE alerts SET told = \(told.rawValue), last_told_at = \(now) WHERE id = \(alert.id)")
    }

    /// Forgets every alert whose id begins so, open or closed, without telling anybody.
    package static func removeAll(idsFrom prefix: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM alerts WHERE substr(id, 1, length(\(prefix))) = \(prefix)")
    }

    package static func removeClosed(before: Timestamp, in tx: any WriteTransaction) throws -> Int {
        try tx.run("DELETE FROM alerts WHERE closed_at < \(before)")
    }

    private static func read(_ row: Row) throws -> StoredAlert {
        var alert = StoredAlert(
            id: try row.text(0), severity: try row.text(1), word: try row.text(2),
            arguments: try JSONColumn.words(row.text(3)), href: try row.text(4), openedAt: try row.time(5))
        alert.closedAt = try row.timeOrNil(6)
        alert.reopened = try row.int(7)
        alert.told = try row.textOrNil(8).flatMap(StoredAlert.Told.init(rawValue:))
        alert.lastToldAt = try row.timeOrNil(9)
        return alert
    }
}
