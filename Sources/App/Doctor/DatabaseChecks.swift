import Core
import Database
import PluginKit
import SQL
import Store
import Templating

/// The database: is the file sound, is its log small.
struct DatabaseChecks {
    /// A large file is looked over in part.
    private static let patience = Timestamp.Span.seconds(3)
    private static let largeLog = 512 << 20

    private let host: Host

    init(_ host: Host) { self.host = host }

    var all: [HealthCheck] {
        [
            HealthCheck(id: "database") { [host] in try Self.database(host) },
            HealthCheck(id: "instance") { [host] in Self.instance(host) },
        ]
    }

    private static func database(_ host: Host) throws -> HealthFinding {
        let state = try host.database.inspect(atMost: patience)
        let version = try host.database.read { tx in
            try tx.first("SELECT max(version) FROM migrations WHERE series = 'host'")?.integerOrNil(0) ?? 0
        }
        return verdict(state, schema: version)
    }

    /// Nothing leaves a database that may be a copy.
    private static func instance(_ host: Host) -> HealthFinding {
        guard let hold = host.instance.hold else { return .said(.ok, "instance") }
        if hold.isKept { return .said(.warn, "instance.copy", href: InstancePage.path) }
        return .said(.fail, hold.isMoved ? "instance.moved" : "instance.held", href: InstancePage.path)
    }

    static func verdict(_ state: DatabaseState, schema: Int64) -> HealthFinding {
        var known: [String: WordArgument] = ["engine": .text(state.engine), "schema": .number(schema)]
        if case .damaged(let what) = state.integrity {
            known["what"] = .text(what)
            return .said(.fail, "database.damaged", known)
        }
        if let bytes = state.logBytes, bytes > largeLog {
            known["megabytes"] = .number(Int64(bytes >> 20))
            return .said(.warn, "database.log", known)
        }
        return .said(.ok, state.integrity == .unfinished ? "database.part" : "database", known)
    }
}
