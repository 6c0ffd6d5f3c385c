package import SQL

extension ReadTransaction {
    /// The same transaction, refusing statements on tables whose names do not begin with `prefix`: a plugin's.
    /// Held by SQLite's authorizer; on PostgreSQL the transaction is returned as it is.
    package func limited(toTables prefix: String?) -> any ReadTransaction {
        guard let prefix, let sqlite = self as? SQLiteTransaction else { return self }
        return sqlite.limited(to: prefix)
    }
}

extension WriteTransaction {
    /// The same transaction, refusing statements on tables whose names do not begin with `prefix`: a plugin's.
    /// Held by SQLite's authorizer; on PostgreSQL the transaction is returned as it is.
    package func limited(toTables prefix: String?) -> any WriteTransaction {
        guard let prefix, let sqlite = self as? SQLiteTransaction else { return self }
        return sqlite.limited(to: prefix)
    }
}
