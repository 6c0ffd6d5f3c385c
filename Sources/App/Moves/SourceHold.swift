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

    /// Refuses every write that still comes to the source, also one that has waited while everything was compared:
    /// nobody would ever find it again. For commands; a server says on every page that it is held.
    /// - Throws: at once when it was moved already, before anything is done outside the database either.
    static func refuseWrites(to database: Database) throws {
        database.beforeWrites { tx in
            guard let target = try InstanceTable.target(keeping: tx) else { return }
            throw MoveError(
                "everything was moved from here to \(target), and goes on there: give that as --database. If this is the "
                    + "live installation all the same, say so first: cartwright instance confirm")
        }
        try database.write { _ in }
    }

    /// Makes the target the live one, unless what was moved was held before for a reason of its own.
    static func settleTarget(at now: Timestamp, in tx: any WriteTransaction) throws {
        guard try InstanceTable.find(in: tx)?.hold == nil else { return }
        try InstanceTable.settle(by: CommandActor.name, at: now, in: tx)
    }
}
