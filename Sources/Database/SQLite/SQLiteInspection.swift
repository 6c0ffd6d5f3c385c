import CDatabase
import Core
import Glibc
import SQL

/// Looks over a file on a connection of its own, beside everybody else's work.
enum SQLiteInspection {
    /// - Parameter limit: how long the pages may be looked at; a large file takes longer.
    static func run(path: String, atMost limit: Timestamp.Span) throws(DatabaseError) -> DatabaseState {
        let connection = try SQLiteConnection(path: path, .read)
        defer { connection.close() }
        let version = try connection.rows("SELECT sqlite_version()", reach: .control).first?.text(0) ?? ""
        return DatabaseState(
            engine: "SQLite " + version, integrity: try integrity(connection, limit), logBytes: size(of: path + "-wal"))
    }

    private static func integrity(
        _ connection: SQLiteConnection, _ limit: Timestamp.Span
    ) throws(DatabaseError) -> DatabaseState.Integrity {
        let end = SystemClock().sinceBoot() + limit
        connection.giveUp(at: end)
        let watch = Monitor(false)
        let watcher = try? Thread.start("db-inspection") { [interrupt = connection.interruption] in
            // The walk over a table's pages is one step to the engine, which asks nobody whether to go on.
            _ = watch.wait(atMost: limit) { $0 ? () : nil }
            while watch.wait(atMost: .milliseconds(100), for: { $0 ? () : nil }) == nil { interrupt?() }
        }
        defer {
            watch.withLock { $0 = true }
            watch.wakeAll()
            watcher?.join()
        }
        do throws(DatabaseError) {
            let first = try connection.rows("PRAGMA quick_check(1)", reach: .control).first?.text(0) ?? ""
            return first == "ok" ? .sound : .damaged(first)
        } catch {
            // What the engine says when it was made to give up.
            if error.kind == .unavailable, SystemClock().sinceBoot() >= end { return .unfinished }
            if error.kind == .corrupt { return .damaged(error.message) }
            throw error
        }
    }

    /// A file that is not there has no bytes.
    private static func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
