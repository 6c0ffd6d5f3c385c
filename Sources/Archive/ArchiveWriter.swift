import CArchive
package import Core
import Glibc

/// Writes a ZIP file as a stream: an entry may be larger than memory, and nothing is known of it before.
///
/// The descriptor stays the caller's, who makes the file durable once `finish` has returned.
package struct ArchiveWriter: ~Copyable {
    private let handle: OpaquePointer

    /// - Parameter file: an empty file, open for writing.
    package init(file: Int32) throws(ArchiveError) {
        guard let handle = carchive_writer(file) else {
            throw ArchiveError(.file, "the archive cannot be begun")
        }
        self.handle = handle
    }

    deinit { carchive_free(handle) }

    /// Begins an entry and ends the one before.
    package func begin(_ name: String, at time: Timestamp) throws(ArchiveError) {
        guard EntryName.isSafe(name) else {
            throw ArchiveError(.unsafeEntry, "an archive takes no file of the name \(name)")
        }
        guard carchive_begin(handle, name, time.milliseconds / 1000) else { throw failure() }
    }

    package func write(_ bytes: [UInt8]) throws(ArchiveError) {
        guard carchive_write(handle, bytes, bytes.count) else { throw failure() }
    }

    /// Ends the last entry and writes the directory. What comes after is not part of the archive.
    package func finish() throws(ArchiveError) {
        guard carchive_finish(handle) else { throw failure() }
    }

    private func failure() -> ArchiveError {
        ArchiveError(.file, "the archive cannot be written: \(reason)")
    }

    /// The system's first, which tells more than the library's "Write error".
    private var reason: String {
        let code = carchive_errno(handle)
        switch code {
        case ENOSPC: return "the disk is full: make room, or write it to another disk"
        case EDQUOT: return "the quota of disk space is used up: raise it, or write to another disk"
        case EFBIG: return "no file may be as large as that there: write it to another disk"
        default:
            let words = carchive_error(handle).map { String(cString: $0) } ?? "unknown"
            return code > 0 ? "\(words) (\(String(cString: strerror(code))))" : words
        }
    }
}
