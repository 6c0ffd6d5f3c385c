import Core

/// What every session of ours relies on.
enum PostgreSQLSettings {
    /// A statement that hangs must not hold a worker for ever, nor a program that has stopped the rows of others;
    /// migrations lift the limits for themselves.
    private static let ours = [
        ("bytea_output", "hex"), ("TimeZone", "UTC"), ("statement_timeout", "8s"), ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "20s"),
    ]

    /// One statement that sets them all.
    static var session: String {
        "SELECT " + ours.map { "set_config('\($0)', '\($1)', false)" }.joined(separator: ", ")
    }
}
