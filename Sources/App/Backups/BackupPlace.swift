import Core
import Glibc
import Store

/// Where the file of a backup lies, as far as this process can tell.
enum BackupPlace: Equatable {
    /// In our own folder, under a name of our own and at this path: it can be downloaded.
    case here(String)
    /// On this machine, in a folder that we hand nothing out of.
    case otherFolder
    /// On a machine whose files we do not see.
    case otherMachine
    /// It was on this machine, and is not where it was.
    case gone

    init(_ run: BackupRun, folder: BackupFolder) {
        guard run.node == MachineName.current else {
            self = .otherMachine
            return
        }
        let name = run.file.split(separator: "/").last.map(String.init) ?? ""
        let own = Self.absolute(folder.path) + "/" + name
        let isOwn = BackupFolder.isOwn(name) && run.file.hasSuffix("/backups/" + name)
        if run.file != own, access(run.file, F_OK) == 0 || errno == EACCES {
            self = .otherFolder
        } else {
            // The whole data folder may have been moved since.
            self = isOwn && access(own, R_OK) == 0 ? .here(own) : .gone
        }
    }

    /// A path from the root on.
    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard getcwd(&buffer, buffer.count) != nil else { return path }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) + "/" + path
    }
}
