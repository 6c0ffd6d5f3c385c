/// What every session of ours relies on.
enum PostgreSQLSettings {
    /// A statement that hangs must not hold a worker for ever, nor a program that has stopped what others wait for;
    /// migrations lift the limits for themselves.
    private static let ours = [
        (name: "bytea_output", value: "hex"), (name: "TimeZone", value: "UTC"),
        (name: "statement_timeout", value: "8s"), (name: "lock_timeout", value: "5s"),
        (name: "idle_in_transaction_session_timeout", value: "60s"),
    ]

    /// For a transaction that changes something: a program that has stopped in it keeps others from its rows. Two of those,
    /// one behind the other, do so for less than `lock_timeout`.
    static let lettingGoSoon = "SET LOCAL idle_in_transaction_session_timeout = '2s'"
    /// For one that was ended by that: if its program is not stopped but slow, this is enough for it.
    static let lettingGoLate = "SET LOCAL idle_in_transaction_session_timeout = '8s'"

    /// One statement that sets them for as long as the connection lives.
    static let session = statement(ours, isLocal: false)

    /// One statement that sets them, and what the address asks for, until the transaction ends.
    static func transaction(_ more: [(name: String, value: String)]) -> String {
        statement(ours + more, isLocal: true)
    }

    private static func statement(_ settings: [(name: String, value: String)], isLocal: Bool) -> String {
        let calls = settings.map { "set_config(\(quoted($0.name)), \(quoted($0.value)), \(isLocal))" }
        return "SELECT " + calls.joined(separator: ", ")
    }

    /// `standard_conforming_strings` is on wherever we connect: only the quote itself has a meaning.
    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
