import CDatabase
import Core
import Glibc
import SQL
import Synchronization

/// The file: one writer thread, readers on their own connections, a thread that keeps the log small.
final class SQLiteDatabase: DatabaseDriver {
    let engine = Engine.sqlite
    private let path: String
    private let writer: SQLiteWriter
    private let readers: ConnectionPool<SQLiteConnection>
    private let checkpointer: SQLiteCheckpointer
    private let threads: Mutex<[Thread]>

    init(path: String, clock: any Clock, log: Log, options: DatabaseOptions) throws(DatabaseError) {
        self.path = path
        try Self.makePrivateFile(path)
        let writing = try SQLiteConnection(path: path, .write, pageLimit: options.pageLimit)
        let checkpointer = SQLiteCheckpointer(
            try SQLiteConnection(path: path, .write), limit: options.logPages, log: log)
        let writer = SQLiteWriter(writing, clock: clock) { checkpointer.committed($0) }
        readers = ConnectionPool(limit: options.readers) { () throws(DatabaseError) in
            try SQLiteConnection(path: path, .read)
        }
        self.writer = writer
        self.checkpointer = checkpointer
        do {
            threads = Mutex([
                try Thread.start("db-writer") { writer.work() },
                try Thread.start("db-checkpoint") { checkpointer.work(writer) },
            ])
        } catch {
            throw DatabaseError(kind: .unavailable, message: "\(error)")
        }
    }

    func read<T>(_ body: (any ReadTransaction) throws -> T) throws -> T {
        let connection = try readers.take()
        defer { readers.giveBack(connection) }
        try connection.control("BEGIN")
        defer { connection.rollBack() }
        let scope = TransactionScope()
        return try scope.run(SQLiteTransaction(connection, scope: scope)) { try body($0) }
    }

    func write<T: Sendable>(
        _ isolation: WriteIsolation, _ body: @escaping @Sendable (any WriteTransaction) throws -> T
    ) throws -> T {
        try writer.write(.data(prefix: nil), body)
    }

    func migrate<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) throws -> T {
        try writer.write(.schema(prefix: nil), body)
    }

    /// One copy is kept beside the file, `<path>.before-migration`: that of the latest upgrade.
    func copyBeforeMigration() throws(DatabaseError) {
        let copy = path + ".before-migration"
        let unfinished = copy + ".unfinished"
        unlink(unfinished)
        try Self.makePrivateFile(unfinished)
        try writer.turn { connection throws(DatabaseError) in
            _ = try connection.run("VACUUM INTO \(unfinished)", reach: .control)
        }
        guard rename(unfinished, copy) == 0 else {
            throw DatabaseError(kind: .unavailable, message: "\(copy): \(String(cString: strerror(errno)))")
        }
    }

    var waitingWrites: Int { writer.waiting }

    func checkpoint() throws(DatabaseError) {
        _ = try writer.turn { connection throws(DatabaseError) in
            try connection.checkpoint(SQLITE_CHECKPOINT_TRUNCATE, patience: 1000)
        }
    }

    /// The last connection to close moves the log into the file and removes it.
    func close() {
        for thread in stop() { thread.join() }
    }

    func abandon() {
        for thread in stop() { thread.detach() }
    }

    /// - Returns: the threads that are to end now; none when that was said before.
    private func stop() -> [Thread] {
        readers.close()
        checkpointer.close()
        writer.close()
        return threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
    }

    /// SQLite makes files readable by all; its log files take the rights of the main file.
    private static func makePrivateFile(_ path: String) throws(DatabaseError) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw DatabaseError(kind: .unavailable, message: "\(path): \(String(cString: strerror(errno)))")
        }
        Glibc.close(file)
    }
}
