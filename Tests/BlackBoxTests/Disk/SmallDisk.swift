import Core
import Glibc
import TestSupport

/// A disk of one test's own, small enough to be filled: mounted in memory where the system lets us, else a limit on
/// how large a file of the server may become, which the engine meets in the same place.
final class SmallDisk {
    private let folder: TemporaryFolder
    private let isMounted: Bool

    /// What lies on the disk: the data folder.
    var data: String { folder.path + "/disk/data" }
    private var ballast: String { folder.path + "/disk/ballast" }

    /// Whether the system lets us: a container often does not.
    static let canBeMounted = (try? SmallDisk(megabytes: 1).isMounted) ?? false

    init(megabytes: Int) throws {
        folder = try TemporaryFolder()
        let place = folder.path + "/disk"
        guard mkdir(place, 0o700) == 0 else { throw ProcessFailure("no folder for the disk") }
        isMounted =
            try Self.run("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", place], in: folder) == 0
    }

    deinit {
        if isMounted { _ = try? Self.run("/usr/bin/umount", ["--lazy", folder.path + "/disk"], in: folder) }
    }

    /// Leaves room for about `bytes` more.
    /// - Parameter server: the one process that notices where the disk cannot be mounted.
    func fill(leaving bytes: Int, for server: ServerProcess? = nil) throws {
        guard isMounted else { return try limit(server, to: "\(largestFile() + bytes)") }
        let descriptor = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        var space = statvfs()
        guard descriptor >= 0, fstatvfs(descriptor, &space) == 0 else { throw ProcessFailure("no ballast") }
        let free = Int(space.f_bavail) * Int(space.f_frsize)
        guard posix_fallocate(descriptor, 0, max(1, free - bytes)) == 0 else { throw ProcessFailure("no ballast") }
    }

    func makeRoom(for server: ServerProcess? = nil) throws {
        guard isMounted else { return try limit(server, to: "unlimited") }
        guard unlink(ballast) == 0 else { throw ProcessFailure("the ballast stays") }
    }

    private func limit(_ server: ServerProcess?, to size: String) throws {
        guard let server else { throw ProcessFailure("no mounted disk") }
        let arguments = ["--pid", String(server.pid), "--fsize=\(size):unlimited"]
        guard try Self.run("/usr/bin/prlimit", arguments, in: folder) == 0 else { throw ProcessFailure("no limit") }
    }

    private func largestFile() -> Int {
        ["cartwright.db", "cartwright.db-wal"].map { name in
            var status = stat()
            return stat("\(data)/\(name)", &status) == 0 ? Int(status.st_size) : 0
        }.max() ?? 0
    }

    private static func run(_ program: String, _ arguments: [String], in folder: TemporaryFolder) throws -> Int32 {
        let process = try ChildProcess(program, arguments, errors: folder.file("errors"))
        guard case .exited(let status) = try process.ending() else { return -1 }
        return status
    }
}
