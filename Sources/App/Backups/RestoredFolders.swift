import Glibc

/// The folders of the data folder that come back with a backup. Each is unpacked beside and renamed; what stood there
/// is kept as `<name>.before-restore`, one of each.
struct RestoredFolders {
    let dataFolder: String

    /// Unpacks all, in place of what a killed restore left.
    func stage(_ backup: CheckedBackup) throws {
        for folder in BackupMaker.folders {
            FolderFiles.remove(staged(folder))
            if holds(backup, folder) { try backup.unpack(folder, to: staged(folder)) }
        }
    }

    /// - Returns: the folders that were kept.
    func replace(_ backup: CheckedBackup) throws -> [String] {
        var kept: [String] = []
        for folder in BackupMaker.folders {
            let place = "\(dataFolder)/\(folder)"
            if access(place, F_OK) == 0 {
                FolderFiles.remove(former(folder))
                try move(place, to: former(folder))
                kept.append(former(folder))
            }
            if holds(backup, folder) { try move(staged(folder), to: place) }
        }
        try UnfinishedFile.syncFolder(of: dataFolder + "/templates")
        return kept
    }

    func discard() { for folder in BackupMaker.folders { FolderFiles.remove(staged(folder)) } }

    private func staged(_ folder: String) -> String { "\(dataFolder)/\(folder).restoring" }
    private func former(_ folder: String) -> String { "\(dataFolder)/\(folder).before-restore" }

    private func holds(_ backup: CheckedBackup, _ folder: String) -> Bool {
        backup.manifest.entries.contains { $0.name.hasPrefix(folder + "/") }
    }

    private func move(_ from: String, to: String) throws(BackupError) {
        guard rename(from, to) == 0 else {
            throw BackupError("\(from) cannot become \(to): \(String(cString: strerror(errno)))")
        }
    }
}
