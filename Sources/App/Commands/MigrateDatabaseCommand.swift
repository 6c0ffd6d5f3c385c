import Crypto
import Database
import SQL

/// `cartwright migrate-database`: everything from one database to another, SQLite or PostgreSQL.
enum MigrateDatabaseCommand {
    private static let from = Flag("from", "URL", "the database that is in use now")
    private static let to = Flag("to", "URL", "an empty one, or the target of the same move that was cut short")

    static let command = Command(
        "migrate-database", "Moves everything to another database; stop the servers first",
        flags: [from, to, .keyFile, .json]
    ) { call in
        let (source, target) = (try call.location(from), try call.location(to))
        let key = KeyFile(path: HostOptions(call).keyPath)
        let progress = MoveProgress(call.terminal, clock: call.clock)
        defer { progress.finish() }
        let places = try MovePlaces(
            from: source, to: target, key: key, plugins: call.plugins, clock: call.clock, log: call.log)
        var move = try DatabaseMove(places, progress: progress, clock: call.clock)
        let counts = try move.run()
        try call.print(
            Listing(columns: ["table", "rows"], rows: counts.map { [$0.table, "\($0.rows)"] }))
        guard !call.has(.json) else { return }
        try call.print("total\t\(counts.reduce(0) { $0 + $1.rows })")
        try call.print("Every table was compared by count and SHA-256.")
        try call.print(
            "Start the server with the same --data folder, its key file \(key.path), and the new database as --database "
                + "or CARTWRIGHT_DATABASE.")
    }
}

extension Invocation {
    fileprivate func location(_ flag: Flag) throws -> DatabaseLocation {
        let text = try require(flag)
        do {
            return try DatabaseLocation(parsing: text)
        } catch {
            throw wrong("--\(flag.name): \(error.message)")
        }
    }
}
