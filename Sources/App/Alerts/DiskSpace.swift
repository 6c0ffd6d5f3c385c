import Core
import Glibc
import Store

/// How full the file system of a folder is.
package struct DiskSpace: Sendable, Equatable {
    package var freeBytes: Int64
    package var totalBytes: Int64

    /// Nil for a folder that cannot be asked.
    package init?(of folder: String) {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        freeBytes = Int64(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
        totalBytes = Int64(clamping: UInt64(status.f_blocks) * UInt64(status.f_frsize))
    }

    package init(freeBytes: Int64, totalBytes: Int64) {
        self.freeBytes = freeBytes
        self.totalBytes = totalBytes
    }

    /// A full disk stops every write: under 256 MB it may come within the hour.
    var isNearlyFull: Bool { freeBytes < 256 << 20 }
    /// Under 1 GB and under a tenth: time to make room.
    var isGettingFull: Bool { freeBytes < 1 << 30 && freeBytes < totalBytes / 10 }

    var freeMegabytes: Int64 { freeBytes >> 20 }

    /// What is told of it, and to the other processes; nil while there is room.
    var sighting: Sighting? {
        guard isNearlyFull || isGettingFull else { return nil }
        // In steps: a figure that moves all the time would be news all the time.
        let shown = freeMegabytes >= 100 ? freeMegabytes / 100 * 100 : freeMegabytes / 10 * 10
        return .scarceDisk(machine: MachineName.current, megabytes: shown, isNearlyFull: isNearlyFull)
    }
}
