import Core
import Database
import Glibc
import SQL

/// A SQLite file: the new one is made as `<path>.restoring` and renamed over the old one, which keeps a second name,
/// `<path>.before-restore`. Only who holds the data folder's lock may work here.
struct FilePlace: RestorePlace {
    /// The file's own name: a link to it would be replaced by the new file.
    let path: String
    let clock: any Clock
    let log: Log

    private var staged: String { path + ".restoring" }
    private var former: String { path + DatabaseFile.formerSuffix }

    func open() throws -> Database? {
        guard access(path, F_OK) == 0 else { return nil }
        let database = try Database(.file(path), clock: clock, log: log)
        if try database.hasTable("migrations") { return database }
        database.close()
        return nil
    }

    func stage() throws -> Database {
        discard()
        return try Database(.file(staged), clock: clock, log: log)
    }

    func replace() throws -> String? {
        // Closing has moved its log into the file; what is there is empty, and would else be taken for the new one's.
        try removeLog(of: staged)
        try sync(staged)
        let isThere = access(path, F_OK) == 0
        if isThere {
            try setLogAside()
            unlink(former)
            guard link(path, former) == 0 else { throw failure(former, "be made") }
        }
        guard rename(staged, path) == 0 else { throw failure(path, "be replaced") }
        try UnfinishedFile.syncFolder(of: path)
        unlink(staged + ".before-migration")
        return isThere ? "the former database is kept as \(former): delete it when you no longer need it" : nil
    }

    func discard() {
        for suffix in ["", "-wal", "-shm", "-journal", ".before-migration", ".before-migration.unfinished"] {
            unlink(staged + suffix)
        }
    }

    /// A sound file was emptied of its log when it was closed. What is left belongs to one that nobody could open.
    private func setLogAside() throws {
        for suffix in ["-wal", "-shm"] {
            unlink(former + suffix)
            guard size(path + suffix) > 0 else {
                unlink(path + suffix)
                continue
            }
            guard rename(path + suffix, former + suffix) == 0 else { throw failure(path + suffix, "be moved") }
        }
    }

    private func removeLog(of file: String) throws {
        guard size(file + "-wal") == 0 else {
            throw BackupError("the restored database could not be closed: another process has \(file) open")
        }
        unlink(file + "-wal")
        unlink(file + "-shm")
    }

    private func sync(_ file: String) throws {
        let descriptor = Glibc.open(file, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(file, "be opened") }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else { throw failure(file, "be written") }
    }

    private func size(_ file: String) -> Int {
        var status = stat()
        return stat(file, &status) == 0 ? Int(status.st_size) : 0
    }

    private func failure(_ file: String, _ verb: String) -> BackupError {
        BackupError("\(file) cannot \(verb): \(String(cString: strerror(errno)))")
    }
}
