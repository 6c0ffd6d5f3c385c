import Core
import Glibc

/// `<data>/backups`, where the program keeps its own backups. It never touches a file of another name there.
struct BackupFolder: Sendable {
    let path: String

    init(data: String) { path = data + "/backups" }

    /// Of a backup begun at this moment.
    static func name(at time: Timestamp) -> String {
        "cartwright-" + time.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z.zip"
    }

    /// Whether the program gave this name: `cartwright-20260501T080000Z.zip`.
    static func isOwn(_ name: some StringProtocol) -> Bool {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "cartwright", parts[1].utf8.count == 20 else { return false }
        return zip(parts[1].utf8, "00000000T000000Z.zip".utf8).allSatisfy { byte, form in
            form == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == form
        }
    }

    /// Own backups, the oldest first.
    var names: [String] {
        (try? FolderFiles.names(in: path))?.filter { !$0.contains("/") && Self.isOwn($0) } ?? []
    }

    /// Makes the folder and clears it of what a killed process left unfinished.
    func prepare() throws {
        try DataFolder.make(path)
        for name in try FolderFiles.names(in: path) where name.hasSuffix(UnfinishedFile.suffix) {
            if Self.isOwn(name.dropLast(UnfinishedFile.suffix.count)) {
                UnfinishedFile.removeLeftover(path + "/" + name)
            }
        }
    }

    /// Removes all but the newest.
    /// - Returns: the paths of those that are gone.
    func keep(_ count: Int) -> [String] {
        names.dropLast(count).map { path + "/" + $0 }.filter { unlink($0) == 0 || errno == ENOENT }
    }
}
