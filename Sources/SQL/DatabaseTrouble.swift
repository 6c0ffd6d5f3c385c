/// What keeps a database from working until somebody mends it, or it passes by itself.
package enum DatabaseTrouble: Sendable, Equatable {
    /// Another program holds the file's lock.
    case busy
    case full
    /// The disk or the file takes no changes from us.
    case readOnly
    /// The disk answers with errors.
    case failing
    /// The file is no database, or parts of it are not as they were written.
    case damaged
    /// The file is not where it was opened, or the folder is not there.
    case gone

    /// What to do about it, for the log and the command line.
    package var advice: String {
        switch self {
        case .busy: "another program holds the database: end it, or let it finish"
        case .full: "make room on the disk, and the work goes on by itself"
        case .readOnly: "make the disk and the file writable, and the work goes on by itself"
        case .failing: "look at the disk and the system's log"
        case .damaged: "the file is damaged: stop the program, keep a copy of the file, and restore the latest backup"
        case .gone: "put the database back where it was, or start the program on the right folder"
        }
    }
}
