import Core
import Database
import SQL
import Store

/// Sees to it that of a moved installation only the new place sends: the old one is held when it is started again.
enum SourceHold {
    /// Where everything was taken from here (`MovePlaces.targetName`); nil while it is not held for that.
    static func target(of source: Database) throws -> String? {
        guard try isPossible(on: source) else { return nil }
        return try source.read { tx in
            guard case .moved(let target)? = try InstanceTable.find(in: tx)?.hold?.kind else { return nil }
            return target
        }
    }

    /// An older schema has no place for it.
    static func isPossible(on source: Database) throws -> Bool { try source.hasTable("instance") }

    /// The first change to the source, after everything was copied and compared.
    static func set(for target: String, at now: Timestamp, in tx: any WriteTransaction) throws {
        try InstanceTable.hold(.moved(to: target), at: now, in: tx)
    }

    /// Makes the target the live one, unless what was moved was held before for a reason of its own.
    static func settleTarget(at now: Timestamp, in tx: any WriteTransaction) throws {
        guard try InstanceTable.find(in: tx)?.hold == nil else { return }
        try InstanceTable.settle(by: CommandActor.name, at: now, in: tx)
    }
}
