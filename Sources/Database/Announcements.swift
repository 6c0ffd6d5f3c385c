package import SQL

/// What nodes tell each other through the database. A marked pair: PostgreSQL has LISTEN and NOTIFY, SQLite has one
/// node, and CockroachDB has neither. So it may only hasten what polling would find.
extension Database {
    /// Tells every node that listens on this database and schema, this one among them. Nothing on SQLite.
    /// - Parameter topics: short words without line breaks.
    package func announce(_ topics: Set<String>) throws {
        guard !topics.isEmpty else { return }
        try ClosureMark.refuseInside("write")
        try driver.announce(topics)
    }

    /// Calls `heard` with each topic that a node announces, on a thread of its own, until the handle is let go.
    /// - Returns: nil where nothing can be heard: on SQLite, and behind PgBouncer.
    package func listen(_ heard: @escaping @Sendable (String) -> Void) -> ListenHandle? { driver.listen(heard) }

    /// Makes sure that PostgreSQL has an extension that a migration needs, creating it where we may. Nothing on SQLite.
    /// - Parameter name: such as `pg_trgm`; letters, digits and `_`.
    package func requireExtension(_ name: String) throws(DatabaseError) { try driver.requireExtension(name) }
}
