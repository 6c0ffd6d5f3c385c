import Core
import TestSupport

/// A disk of one test's own, ext4 in a file, that can stop taking changes while a server has its files open.
///
/// The kernel refuses a plain `remount,ro` while somebody has files open to write. What is met in the wild is a file
/// system that turns itself read-only after an error (EROFS, until it is mounted anew), and files that were made
/// immutable (EPERM, until they are not).
final class JournalledDisk {
    private let folder: TemporaryFolder
    private var place: String { folder.path + "/disk" }
    private var image: String { folder.path + "/image" }

    /// What lies on the disk: the data folder.
    var data: String { place + "/data" }

    /// Whether this machine lets us: mounting wants root and a loop device, which a container often has not.
    static let canBeMounted = (try? JournalledDisk(megabytes: 8)) != nil

    init(megabytes: Int) throws {
        folder = try TemporaryFolder()
        try run("/usr/bin/truncate", "--size=\(megabytes)M", image)
        try run("/usr/sbin/mkfs.ext4", "-q", image)
        try run("/usr/bin/mkdir", place)
        try mount()
    }

    deinit { try? run("/usr/bin/umount", "--lazy", place) }

    /// Makes files of the data folder immutable, or takes it back.
    func protect(_ isProtected: Bool, _ files: [String]) throws {
        for file in files { try run("/usr/bin/chattr", isProtected ? "+i" : "-i", data + "/" + file) }
    }

    /// Has the file system turn itself read-only, as after an error of the disk.
    func abort() throws { try run("/usr/bin/mount", "-o", "remount,abort", place) }

    /// Mounts it anew, when nobody has files open on it any more.
    func mountAnew() throws {
        try run("/usr/bin/umount", place)
        try mount()
    }

    /// Makes the whole of it read-only, or takes it back, while nobody has files open on it.
    func protect(_ isProtected: Bool) throws {
        try run("/usr/bin/mount", "-o", "remount," + (isProtected ? "ro" : "rw"), place)
    }

    private func mount() throws { try run("/usr/bin/mount", "-o", "loop", image, place) }

    private func run(_ program: String, _ arguments: String...) throws {
        let process = try ChildProcess(
            program, arguments, environment: ["PATH": "/usr/sbin:/usr/bin"], errors: folder.file("errors"))
        guard try process.ending() == .exited(0) else { throw ProcessFailure("\(program): \(folder.text("errors"))") }
    }
}
