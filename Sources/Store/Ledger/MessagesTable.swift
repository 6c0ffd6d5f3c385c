package import Core
package import Domain
package import SQL

/// The ledger's rows as they are planned, listed and read. `LedgerMoves` holds the state machine's arrows.
package enum MessagesTable {
    /// What planning a draft came to.
    package enum Planned: Sendable, Equatable {
        case new(ID)
        /// The row was cancelled or suppressed and nothing of it may have reached the person: it lives again.
        case revived(ID)
        case alreadyThere(ID)

        package var id: ID {
            switch self {
            case .new(let id), .revived(let id), .alreadyThere(let id): id
            }
        }
    }

    package static func find(_ id: ID, in tx: any ReadTransaction) throws -> LedgerRow? {
        try tx.first("SELECT \(LedgerRow.columns) FROM messages WHERE id = \(id)").map(LedgerRow.init)
    }

    /// Those of these ids that there are.
    package static func all(_ ids: Set<ID>, in tx: any ReadTransaction) throws -> [ID: LedgerRow] {
        guard !ids.isEmpty else { return [:] }
        let rows = try tx.rows(
            "SELECT \(LedgerRow.columns) FROM messages WHERE id IN \(Query.list(ids.map(\.number)))"
        ).map(LedgerRow.init)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
    }

    package static func find(intentKey: String, in tx: any ReadTransaction) throws -> LedgerRow? {
        try tx.first("SELECT \(LedgerRow.columns) FROM messages WHERE intent_key = \(intentKey)").map(LedgerRow.init)
    }

    /// When marketing-class messages to each of these people were accepted since `start`, or left without a telling
    /// answer so far, the oldest first.
    package static func recentMarketing(
        to contacts: Set<ID>, since start: Timestamp, in tx: any ReadTransaction
    ) throws -> [ID: [Timestamp]] {
        guard !contacts.isEmpty else { return [:] }
        let people = Query.list(contacts.map(\.number))
        let rows = try tx.rows(
            """
            SELECT contact_id, at FROM (
                SELECT contact_id, accepted_at AS at FROM messages
                WHERE contact_id IN \(people) AND class = 1 AND accepted_at >= \(start)
                UNION ALL
                SELECT contact_id, handed_over_at FROM messages
                WHERE contact_id IN \(people) AND class = 1 AND accepted_at IS NULL AND handed_over_at >= \(start)
                    AND status IN ('handed_over', 'unknown', 'sent', 'delivered', 'read')) AS times
            ORDER BY at LIMIT 10000
            """)
        return try rows.reduce(into: [:]) { times, row in times[try row.id(0), default: []].append(try row.time(1)) }
    }

    /// How many rows send the message of this intent key again (`<key>#2`, `<key>#3`, …).
    package static func repeats(of intentKey: String, in tx: any ReadTransaction) throws -> Int {
        // "$" follows "#" in byte order: the range holds every key that begins so, and uses the unique index.
        try tx.count(
            """
            SELECT count(*) FROM messages
            WHERE intent_key >= \(intentKey + "#") AND intent_key < \(intentKey + "$")
            """)
    }

    /// What made a message, with all that it made: an order's messages, the oldest first.
    package static func all(
        of source: MessageSource.Kind, _ id: ID, in tx: any ReadTransaction
    ) throws -> [LedgerRow] {
        try tx.rows(
            """
            SELECT \(LedgerRow.columns) FROM messages
            WHERE source_kind = \(source.rawValue) AND source_id = \(id) ORDER BY id LIMIT 500
            """
        ).map(LedgerRow.init)
    }

    /// The messages of each of these orders, the oldest first.
    package static func all(ofOrders orders: [ID], in tx: any ReadTransaction) throws -> [ID: [LedgerRow]] {
        let rows = try tx.rows(
            """
            SELECT \(LedgerRow.columns) FROM messages
            WHERE source_kind = 'order' AND source_id IN \(Query.list(orders.map(\.number))) ORDER BY id
            """
        ).map(LedgerRow.init)
        return Dictionary(grouping: rows) { $0.source.id ?? $0.id }
    }

    /// What a list of messages is narrowed to; nil parts do not narrow.
    package struct Selection: Sendable, Equatable {
        package var statuses: [MessageStatus] = []
        package var purpose: Purpose?
        package var contact: ID?
        package var source: (kind: MessageSource.Kind, id: ID)?
        /// What a search for a name, a phone or an order's number found: messages to these people or about these
        /// orders.
        package var found: Found?
        /// Planned at this time or later, and before this one.
        package var since: Timestamp?
        package var before: Timestamp?

        package struct Found: Sendable, Equatable {
            package var contacts: [ID]
            package var orders: [ID]

            package init(contacts: [ID], orders: [ID]) {
                self.contacts = contacts
                self.orders = orders
            }
        }

        package init(statuses: [MessageStatus] = [], purpose: Purpose? = nil) {
            self.statuses = statuses
            self.purpose = purpose
        }

        package static func == (a: Selection, b: Selection) -> Bool {
            a.statuses == b.statuses && a.purpose == b.purpose && a.contact == b.contact && a.found == b.found
                && a.since == b.since && a.before == b.before && a.source?.kind == b.source?.kind
                && a.source?.id == b.source?.id
        }

        var condition: Query {
            var parts: [Query] = []
            if !statuses.isEmpty { parts.append("status IN \(Query.list(statuses.map(\.rawValue)))") }
            if let purpose { parts.append("purpose = \(purpose.rawValue)") }
            if let contact { parts.append("contact_id = \(contact)") }
            if let found { parts.append(Self.matching(found)) }
            if let since { parts.append("id >= \(ID.first(at: since))") }
            if let before { parts.append("id < \(ID.first(at: before))") }
            if let source { parts.append("source_kind = \(source.kind.rawValue) AND source_id = \(source.id)") }
            return Query.all(parts)
        }

        /// By two indexes, one for each half: an OR of both would read the whole table on PostgreSQL.
        private static func matching(_ found: Found) -> Query {
            """
            id IN (
                SELECT id FROM messages WHERE contact_id IN \(Query.list(found.contacts.map(\.number)))
                UNION ALL
                SELECT id FROM messages
                WHERE source_kind = 'order' AND source_id IN \(Query.list(found.orders.map(\.number))))
            """
        }
    }

    /// The newest first, by key.
    package static func page(
        _ selection: Selection, _ request: PageRequest, in tx: any ReadTransaction
    ) throws -> Page<LedgerRow> {
        let after: Query = request.after.map { "id < \($0.id)" } ?? "1 = 1"
        let rows = try tx.rows(
            """
            SELECT \(LedgerRow.columns) FROM messages
            WHERE \(selection.condition) AND \(after)
            ORDER BY id DESC LIMIT \(request.limit + 1)
            """
        ).map(LedgerRow.init)
        let page = Array(rows.prefix(request.limit))
        return Page(rows: page, next: rows.count > request.limit ? page.last.map { Cursor(id: $0.id) } : nil)
    }

    /// How many rows match, counted to `limit` + 1 at most ("1000+").
    package static func count(
        _ selection: Selection, limit: Int = 1000, in tx: any ReadTransaction
    ) throws -> Int {
        try tx.count(
            """
            SELECT count(*) FROM (SELECT 1 AS one FROM messages WHERE \(selection.condition) LIMIT \(limit + 1)) AS matching
            """)
    }

    /// Takes the words of old messages away; that they were sent, and what became of them, stays.
    package static func forgetTexts(before limit: Timestamp, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE messages SET text = NULL, template_parameters = CASE WHEN template_name IS NULL THEN NULL ELSE '[]' END
            WHERE id < \(ID.first(at: limit)) AND (text IS NOT NULL OR template_parameters <> '[]')
                AND status NOT IN ('planned', 'claimed', 'handed_over', 'unknown')
            """)
    }

    /// Forgets the messages of these sources with their tries and trail: only ever for demo data.
    /// - Returns: which they were.
    package static func removeAll(
        of source: MessageSource.Kind, _ ids: [ID], in tx: any WriteTransaction
    ) throws -> [ID] {
        let gone = try tx.rows(
            """
            DELETE FROM messages WHERE source_kind = \(source.rawValue) AND source_id IN \(.list(ids.map(\.number)))
            RETURNING id
            """
        ).map { try $0.id(0) }
        let list = Query.list(gone.map(\.number))
        try tx.run("DELETE FROM trail WHERE message_id IN \(list)")
        try tx.run("DELETE FROM attempts WHERE message_id IN \(list)")
        return gone
    }
}
