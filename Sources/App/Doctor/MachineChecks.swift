import Domain
import Core
import Database
import Glibc
import PluginKit
import Templating
import Text

/// The machine under the program: its clock, its disk, its time zones.
struct MachineChecks {
    /// Leases and signatures bear this much between two clocks.
    static let tolerance = Timestamp.Span.seconds(5)
    private static let lowDisk = 1 << 30
    private static let fullDisk = 100 << 20

    private let host: Host

    init(_ host: Host) { self.host = host }

    var all: [HealthCheck] {
        [
            HealthCheck(id: "clock") { [host] in try Self.clock(host) },
            HealthCheck(id: "disk") { [host] in Self.disk(host.options.data) },
            HealthCheck(id: "time_zones") { [host] in Self.timeZones(host.site.timeZone) },
        ]
    }

    /// Against the database's clock, which on PostgreSQL is another machine's.
    private static func clock(_ host: Host) throws -> HealthFinding {
        let before = SystemClock().now()
        let theirs = try host.database.now()
        return verdict(of: before, against: theirs, "clock")
    }

    /// - Parameter name: the words' name; `.off` is put behind it for a clock that goes wrong.
    static func verdict(of ours: Timestamp, against theirs: Timestamp, _ name: String) -> HealthFinding {
        let off = ours - theirs
        let distance = max(off, .zero - off)
        guard distance > tolerance else { return .said(.ok, name) }
        let seconds = WordArgument.number(distance.milliseconds / 1000)
        return .said(distance > .minutes(5) ? .fail : .warn, name + ".off", ["seconds": seconds])
    }

    static func disk(_ folder: String) -> HealthFinding {
        let place: [String: WordArgument] = ["folder": .text(folder)]
        guard access(folder, R_OK | W_OK | X_OK) == 0 else { return .said(.fail, "disk.locked", place) }
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return .said(.warn, "disk.unknown", place) }
        return disk(free: Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize)))
    }

    static func disk(free: Int) -> HealthFinding {
        let size: [String: WordArgument] = ["megabytes": .number(Int64(free >> 20))]
        if free < fullDisk { return .said(.fail, "disk.full", size) }
        return free < lowDisk ? .said(.warn, "disk.low", size) : .said(.ok, "disk", size)
    }

    /// Quiet hours rest on them. The rules of a running program are those of its start, so the disk is asked.
    private static func timeZones(_ zone: String) -> HealthFinding {
        for name in [zone, "America/New_York"] where (try? TimeZoneRules(name)) == nil {
            return .said(.fail, "time_zones.missing", ["zone": .text(name)])
        }
        return .said(.ok, "time_zones", ["zone": .text(zone)])
    }
}
