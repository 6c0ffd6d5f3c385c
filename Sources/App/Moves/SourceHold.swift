import Core
import Database
import SQL
import Store

/// Sees to it that of a moved installation only the new place sends: the old one is held when it is started again.
enum SourceHold {
    static func isMoved(_ source: Database) throws -> Bool {
        guard try source.hasTable("instance") else { return false }
        return try source.read { tx in
            if case .moved? = try InstanceTable.find(in: tx)?.hold?.kind { true } else { false }
        }
    }

    /// The first change to the source, after everything was copied and compared.
    static func set(on places: MovePlaces, at now: Timestamp) throws {
        // An older schema has no place for it.
        try places.source.migrate(places.installedSeries, program: Host.schema)
        let target = "\(places.target.location)"
        try places.source.write { tx in try InstanceTable.hold(.moved(to: target), at: now, in: tx) }
    }

    /// Makes the target the live one, unless what was moved was held before for a reason of its own.
    static func settleTarget(at now: Timestamp, in tx: any WriteTransaction) throws {
        guard try InstanceTable.find(in: tx)?.hold == nil else { return }
        try InstanceTable.settle(by: CommandActor.name, at: now, in: tx)
    }
}
