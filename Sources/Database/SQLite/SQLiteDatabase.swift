import CDatabase
import Core
import Glibc
import SQL
import Synchronization

/// The file: one writer thread, readers on their own connections, a thread that keeps the log small.
final class SQLiteDatabase: DatabaseDriver {
    let engine = Engine.sqlite
    let tally = Tally()
    let path: String
    private let writer: SQLiteWriter
    private let readers: ConnectionPool<SQLiteConnection>
    private let checkpointer: SQLiteCheckpointer
    private let threads: Mutex<Threads?>

    private struct Threads {
        let writer: Thread
        let checkpointer: Thread
    }

    init(path given: String, clock: any Clock, log: Log, options: DatabaseOptions) throws(DatabaseError) {
        let path = try DatabaseFile.name(of: given)
        self.path = path
        // Two that turn a new file to write-ahead logging at once lock each other out, however long they wait.
        let lock = try FolderLock(of: path)
        try Self.makePrivateFile(path)
        let logLimit = options.logPages * 4096
        let writing = try SQLiteConnection(path: path, .write, pageLimit: options.pageLimit, logLimit: logLimit)
        let checkpointer = SQLiteCheckpointer(
            try SQLiteConnection(path: path, .write, logLimit: logLimit), limit: options.logPages, log: log)
        lock.release()
        let writer = SQLiteWriter(writing, clock: clock, tally: tally) { checkpointer.committed($0) }
        readers = ConnectionPool(limit: options.readers) { () throws(DatabaseError) in
            try SQLiteConnection(path: path, .read)
        } end: {
            $0.close()
        }
        self.writer = writer
        self.checkpointer = checkpointer
        do {
            let writing = try Thread.start("db-writer") { writer.work() }
            do {
                let checkpointing = try Thread.start("db-checkpoint") { checkpointer.work(writer) }
                threads = Mutex(Threads(writer: writing, checkpointer: checkpointing))
            } catch {
                writer.close()
                writing.join()
                throw error
            }
        } catch {
            throw DatabaseError(kind: .unavailable, message: "\(error)")
        }
    }

    func read<T>(_ body: (any ReadTransaction) throws -> T) throws -> T {
        let connection = try readers.take()
        defer { readers.giveBack(connection) }
        try connection.control("BEGIN")
        defer { connection.rollBack() }
        let scope = TransactionScope(tally)
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

    func migratingAlone(_ body: () throws -> Void) throws {
        let lock = try FolderLock(of: path)
        try body()
        lock.release()
    }

    /// One copy is kept beside the file, `<path>.before-migration`: that of the latest upgrade.
    func copyBeforeMigration() throws(DatabaseError) {
        let copy = path + ".before-migration"
        let unfinished = copy + ".unfinished"
        unlink(unfinished)
        try Self.makePrivateFile(unfinished)
        do {
            try writer.turn { connection throws(DatabaseError) in
                _ = try connection.run("VACUUM INTO \(unfinished)", reach: .control)
            }
        } catch {
            // On a full disk it would keep others from the room that is left.
            unlink(unfinished)
            throw error.about(copy)
        }
        guard rename(unfinished, copy) == 0 else { throw .system(copy) }
    }

    var waitingWrites: Int { writer.waiting }

    func checkpoint() throws(DatabaseError) {
        _ = try writer.turn { connection throws(DatabaseError) in
            try connection.checkpoint(SQLITE_CHECKPOINT_TRUNCATE, patience: 1000)
        }
    }

    func inspect(atMost limit: Timestamp.Span) throws -> DatabaseState {
        try SQLiteInspection.run(path: path, atMost: limit)
    }

    /// How long a read that is still under way as the file is closed is waited for.
    private static var patience: Timestamp.Span { .seconds(5) }

    /// The last connection to close moves the log into the file and removes it. So they close one after another, the
    /// writer's at the end: of two that close at the same moment neither would take itself for the last, and a reader,
    /// which may not write, would leave the log behind.
    func close() {
        guard let threads = takeThreads() else { return }
        readers.close()
        readers.awaitEnd(atMost: Self.patience)
        checkpointer.close()
        threads.checkpointer.join()
        writer.close()
        threads.writer.join()
    }

    func abandon() {
        guard let threads = takeThreads() else { return }
        readers.close()
        checkpointer.close()
        writer.close()
        threads.checkpointer.detach()
        threads.writer.detach()
    }

    /// - Returns: nil when someone else has already come to end them.
    private func takeThreads() -> Threads? {
        threads.withLock { threads in
            defer { threads = nil }
            return threads
        }
    }

    /// SQLite makes files readable by all; its log files take the rights of the main file.
    ///
    /// A file that exists is not even opened: closing it would drop the locks of every other connection that this
    /// process has to it (https://sqlite.org/howtocorrupt.html, 2.2).
    private static func makePrivateFile(_ path: String) throws(DatabaseError) {
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            if errno == EEXIST { return }
            throw .system(path)
        }
        Glibc.close(file)
    }
}
