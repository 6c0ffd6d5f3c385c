package import Core
package import SQL

/// One line of the audit log: who did what to what.
package struct AuditEntry: Sendable, Equatable {
    package var id: ID
    package var at: Timestamp
    /// An admin's e-mail, `token:<name>`, or `system`.
    package var actor: String
    /// `settings.changed`, `contact.exported`, …: its words are in the catalogue.
    package var action: String
    /// What it was done to: a setting's key, `contact:<id>`.
    package var subject: String
    package var data: [String: String]

    package init(
        id: ID, at: Timestamp, actor: String, action: String, subject: String, data: [String: String] = [:]
    ) {
        self.id = id
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.data = data
    }
}

/// Every admin change, export, erasure and consent by hand. Append-only; never a secret in it.
package enum AuditTable {
    package static func add(_ entry: AuditEntry, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO audit (id, at, actor, action, subject, data)
            VALUES (\(entry.id), \(entry.at), \(entry.actor), \(entry.action), \(entry.subject),
                \(JSONColumn.text(entry.data)))
            """)
    }

    package static func holds(_ id: ID, in tx: any ReadTransaction) throws -> Bool {
        try tx.first("SELECT id FROM audit WHERE id = \(id)") != nil
    }

    /// Newest first.
    package static func page(
        _ request: PageRequest, action: String? = nil, actor: String? = nil, in tx: any ReadTransaction
    ) throws -> Page<AuditEntry> {
        var conditions: [Query] = []
        if let actor { conditions.append("actor = \(actor)") }
        if let action { conditions.append("action = \(action)") }
        if let after = request.after { conditions.append("id < \(after.id)") }
        let rows = try tx.rows(
            """
            SELECT id, at, actor, action, subject, data FROM audit
            WHERE \(Query.all(conditions))
            ORDER BY id DESC LIMIT \(request.limit + 1)
            """
        ).map(entry)
        return Page(rows, for: request) { Cursor(id: $0.id) }
    }

    private static func entry(_ row: Row) throws -> AuditEntry {
        AuditEntry(
            id: try row.id(0), at: try row.time(1), actor: try row.text(2), action: try row.text(3),
            subject: try row.text(4), data: try JSONColumn.words(row.text(5)))
    }
}
