extension Engine {
    /// The database's own clock in milliseconds since 1970, as an expression. Every lease is measured by it, so that
    /// nodes whose clocks disagree still agree on who holds what.
    package var now: Query {
        choose(
            sqlite: "CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
            // Stable within a statement, so that an index on the lease can be used.
            postgresql: "CAST(extract(epoch FROM statement_timestamp()) * 1000 AS BIGINT)")
    }

    /// Skips rows that another node is claiming at this moment. SQLite has one writer and needs nothing.
    package var skippingLocked: Query { choose(sqlite: "", postgresql: " FOR UPDATE SKIP LOCKED") }

    /// Keeps a row as it was read until the transaction ends, and reads it after whoever is changing it. SQLite has one
    /// writer and needs nothing.
    package var sharing: Query { choose(sqlite: "", postgresql: " FOR SHARE") }
}
