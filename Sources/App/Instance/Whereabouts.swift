import Core
import Database
import SQL
import Store

/// Finds out where this process works, for the mark of the installation (docs/decisions/0008-instance-mark.md).
struct Whereabouts: Sendable {
    /// `--instance`.
    let name: String?
    /// `--public-url`, as `WebAddress` writes it.
    let statedAddress: String?

    init(_ options: HostOptions) {
        name = options.instance
        statedAddress = options.publicURL
    }

    /// - Parameters:
    ///   - known: what is on record.
    ///   - storedAddress: the public address that stands in the settings.
    func sight(_ database: Database, known: Instance?, storedAddress: String?) throws -> InstanceSight {
        var sight: InstanceSight
        switch database.location {
        case .file(let path): sight = sightOfFile(path, known)
        case .server: sight = InstanceSight(try database.read { tx in try ServerPlace.read(in: tx) })
        }
        if let name { sight.place[.name] = "name:" + name }
        sight.place[.machine] = MachineName.current
        sight.place[.address] = (statedAddress ?? storedAddress).flatMap { Self.isLoopback($0) ? nil : $0 }
        sight.statedAddress = statedAddress
        sight.storedAddress = storedAddress
        return sight
    }

    /// The file beside a SQLite database that holds the mark; nil on PostgreSQL.
    func markFile(_ database: Database) -> MarkFile? {
        guard case .file(let path) = database.location, let file = DatabaseFile(at: path) else { return nil }
        return MarkFile(path: file.folder + "/instance")
    }

    private func sightOfFile(_ path: String, _ known: Instance?) -> InstanceSight {
        var sight = InstanceSight(
            InstancePlace([.engine: Engine.sqlite.rawValue, .name: Machine.identity(), .path: path]))
        guard let file = DatabaseFile(at: path) else { return sight }
        sight.place[.path] = file.path
        sight.place[.born] = file.born.map { String($0) }
        sight.mark = MarkFile(path: file.folder + "/instance").read()
        sight.originalStands =
            known?.place?[.path].flatMap { DatabaseFile(at: $0) }.map { !$0.isSame(as: file) } ?? false
        return sight
    }

    /// An address that only works on its own machine names no site.
    private static func isLoopback(_ address: String) -> Bool {
        guard let host = WebAddress(address)?.host else { return true }
        return host == "localhost" || host.hasSuffix(".localhost") || host.hasPrefix("127.") || host == "[::1]"
    }
}
