import CDatabase
import Core
import SQL

/// Keeps the write-ahead log small, on a thread and a connection of its own.
///
/// Every `step` pages it copies beside readers and the writer, who wait for nothing. That alone never starts the log
/// anew while the writer keeps appending, so at `limit` pages it asks the writer for a turn between two batches.
final class SQLiteCheckpointer: Sendable {
    private struct State {
        var frames = 0
        /// The log's size at which the next copy is due.
        var due: Int
        var isWanted = false
        var isClosed = false
    }

    private let connection: SQLiteConnection
    private let log: Log
    private let step: Int
    private let limit: Int
    private let state: Monitor<State>

    /// How long the writer's turn waits for readers that still need the log (ms).
    private static let patience: Int32 = 100

    init(_ connection: SQLiteConnection, limit: Int, log: Log) {
        self.connection = connection
        self.log = log
        self.limit = limit
        step = max(limit / 8, 1)
        state = Monitor(State(due: step))
    }

    /// Called by the writer after each commit.
    func committed(_ frames: Int) {
        let step = step
        let isDue = state.withLock { state in
            if frames < state.frames { state.due = step }
            state.frames = frames
            guard frames >= state.due else { return false }
            state.due = frames + step
            state.isWanted = true
            return true
        }
        if isDue { state.wakeOne() }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        state.wakeAll()
    }

    /// The thread's life, until `close`.
    func work(_ writer: SQLiteWriter) {
        defer { connection.close() }
        while state.wait(for: { state -> Bool? in
            if state.isClosed { return false }
            defer { state.isWanted = false }
            return state.isWanted ? true : nil
        }) {
            do {
                let copied = try connection.checkpoint(SQLITE_CHECKPOINT_PASSIVE, patience: 0)
                guard (copied?.logged ?? limit) >= limit else { continue }
                let restarted = try writer.turn { writing throws(DatabaseError) in
                    try writing.checkpoint(SQLITE_CHECKPOINT_RESTART, patience: Self.patience)
                }
                if restarted == nil { log.debug("database.log_held_by_reader") }
            } catch {
                // A writer that is closing refuses the turn.
                if state.withLock({ $0.isClosed }) { return }
                log.warning("database.checkpoint_failed", ["error": .init(error.message)])
            }
        }
    }
}
