import Core
import Database
import Glibc
import Store

/// The folders of the data folder that come back with a backup. Each is unpacked beside and renamed; what stood there
/// is kept as `<name>.before-restore`, one of each. One that the backup has nothing of is left alone: on PostgreSQL
/// each node has folders of its own, and a backup holds those of the node that made it.
///
///     staged, marked ──▶ the database is replaced ──▶ renamed, unmarked
///           └─ killed: they wait for the next restore    └─ killed: whoever opens the database next renames them
struct RestoredFolders {
    let dataFolder: String

    /// Unpacks all, in place of what a killed restore left.
    /// - Parameter entry: of the audit log of the database that the files belong to.
    /// - Returns: what `replace` wants.
    func stage(_ backup: CheckedBackup, for entry: ID) throws -> RestoreMark {
        discard()
        for folder in BackupMaker.folders where backup.manifest.holds(folder: folder) {
            try DataFolder.make(staged(folder))
            try backup.unpack(folder, to: staged(folder))
        }
        return try RestoreMark(entry, at: mark)
    }

    /// Renames what is staged; nothing is done twice.
    /// - Returns: the folders that were kept.
    @discardableResult
    func replace(_ mark: consuming RestoreMark) throws -> [String] {
        var kept: [String] = []
        for folder in BackupMaker.folders where access(staged(folder), F_OK) == 0 {
            let place = "\(dataFolder)/\(folder)"
            if access(place, F_OK) == 0 {
                FolderFiles.remove(former(folder))
                try move(place, to: former(folder))
                kept.append(former(folder))
            }
            try move(staged(folder), to: place)
        }
        try UnfinishedFile.syncFolder(of: self.mark)
        mark.remove()
        return kept
    }

    /// The folders with files that the backup has nothing of, and that stay as they are.
    func leftAlone(by backup: CheckedBackup) throws -> [String] {
        try BackupMaker.folders
            .filter { !backup.manifest.holds(folder: $0) }.map { "\(dataFolder)/\($0)" }
            .filter { try !FolderFiles.names(in: $0).isEmpty }
    }

    /// Renames what a restore left that was killed after it had replaced the database.
    func finish(in database: Database) throws {
        guard let left = RestoreMark(leftAt: mark) else { return }
        let entry = left.entry
        guard try database.read({ try AuditTable.holds(entry, in: $0) }) else { return }
        try replace(left)
    }

    func discard() {
        unlink(mark)
        for folder in BackupMaker.folders { FolderFiles.remove(staged(folder)) }
    }

    private var mark: String { "\(dataFolder)/restoring.mark" }
    private func staged(_ folder: String) -> String { "\(dataFolder)/\(folder).restoring" }
    private func former(_ folder: String) -> String { "\(dataFolder)/\(folder).before-restore" }

    private func move(_ from: String, to: String) throws(BackupError) {
        guard rename(from, to) == 0 else {
            throw BackupError("\(from) cannot become \(to): \(String(cString: strerror(errno)))")
        }
    }
}
