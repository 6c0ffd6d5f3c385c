package import Core
package import Crypto
package import Database
import SQL
import Store

/// Puts a new master key in the old one's place while the house is at work.
///
///     key file: old ── add ──▶ new, old ── hear ──▶ (everybody opens with both, seals with the new)
///               ── reseal ──▶ (every value sealed anew, in one transaction) ── drop ──▶ new
///
/// Where somebody does not hear of the new key, the old one goes on sealing and nothing was sealed anew.
/// A crash between any two steps leaves a file that opens everything there is; the next rotation goes on from it.
package struct KeyRotation {
    package enum Step: Sendable, CaseIterable { case added, heard, resealed, dropped }

    /// What came of it.
    package struct Outcome: Sendable, Equatable {
        /// The id of the key that seals from now on.
        package var key: String
        package var resealed: Int
        /// Former keys that nothing needs any more.
        package var dropped: [String]
        /// Former keys that stay in the file, because what they sealed could not be opened.
        package var kept: [String]
    }

    private let file: KeyFile
    private let database: Database
    private let clock: any Clock
    private let announce: (_ key: String) throws -> Void
    private let reached: (Step) throws -> Void

    /// - Parameters:
    ///   - announce: returns once every other process on this database has read the key file, and throws when one
    ///     does not.
    ///   - reached: told of each step; what it throws ends the rotation there, as a crash would.
    package init(
        _ file: KeyFile, database: Database, clock: any Clock, announce: @escaping (String) throws -> Void,
        reached: @escaping (Step) throws -> Void = { _ in }
    ) {
        self.file = file
        self.database = database
        self.clock = clock
        self.announce = announce
        self.reached = reached
    }

    /// - Parameter actor: who is on record for it in the audit log.
    package func run(by actor: String) throws -> Outcome {
        try file.alone {
            let former = try file.load()
            let new = MasterKey.make()
            try file.replace(with: [new] + former)
            try reached(.added)
            do {
                try announce(new.id)
            } catch {
                // As it was; what somebody has sealed with the new key meanwhile still opens.
                try file.replace(with: former + [new])
                throw error
            }
            try reached(.heard)
            let (resealed, inUse) = try reseal(Sealer(new, former: former), by: actor)
            try reached(.resealed)
            let kept = former.filter { inUse.contains($0.id) }
            try file.replace(with: [new] + kept)
            try announce(new.id)
            try reached(.dropped)
            return Outcome(
                key: new.id, resealed: resealed, dropped: former.map(\.id).filter { !inUse.contains($0) },
                kept: kept.map(\.id))
        }
    }

    /// - Returns: how many values were sealed anew, and which keys still open some.
    private func reseal(_ sealer: Sealer, by actor: String) throws -> (count: Int, inUse: Set<String>) {
        let now = clock.now()
        return try database.write { tx in
            let count = try SealedValues.resealAll(sealer, at: now, in: tx)
            try AuditTable.add(
                AuditEntry(
                    id: ID.make(at: now), at: now, actor: actor, action: "key.rotated", subject: sealer.current.id,
                    data: ["resealed": String(count)]),
                in: tx)
            return (count, Set(try SealedValues.counts(in: tx).keys))
        }
    }
}
