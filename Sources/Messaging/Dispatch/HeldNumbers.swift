import Core
import Database
import PluginKit
import Store
import Synchronization

/// The right to send from one number, as far as this process may count on it.
struct HeldNumber: Sendable {
    let lease: Lease
    /// `sinceBoot` before the lease was last taken or renewed: it ends no earlier than a whole lease after that.
    let since: Timestamp.Span
    let pacer: Pacer

    /// Bytes must have left by then. The clock also runs while the process or its machine is stopped: whatever delays
    /// a commit or a thread, no byte leaves when another node may hold the lease.
    var departBy: Timestamp.Span { since + HeldNumbers.lease - HeldNumbers.departureMargin }
}

/// The sending numbers whose lease this process holds, each with its pacer.
///
///     free or ended ──hold──▶ held ──hold (renews)──▶ held ──leave──▶ free at once
///                               └──no turn for a lease's time──▶ ended: any node may take it
///
/// On taking a number over (its epoch rose in other hands) what the former holder had claimed is free at once, and the
/// pacer rests: that one may have sent up to the limit until a moment ago.
final class HeldNumbers: Sendable {
    /// So long a number is nobody's when its node dies.
    static let lease = Timestamp.Span.seconds(6)
    /// Between the last moment to depart and the end of the lease. More than the second that a pacer looks back on.
    static let departureMargin = Timestamp.Span.milliseconds(1500)
    /// A lease older than that is renewed before anything rests on it.
    private static let renewAfter = Timestamp.Span.seconds(1)

    private let context: MessagingContext
    private let held = Mutex<[String: HeldNumber]>([:])

    init(_ context: MessagingContext) { self.context = context }

    /// Takes the number's lease, or renews it where that is due. Nil while another node holds it, and while the
    /// database is held: nothing is claimed or handed over without a lease that was taken or renewed just now.
    func hold(_ channel: any Channel, number: String) throws -> HeldNumber? {
        let name = "dispatch:\(channel.id):\(number)"
        let known = held.withLock { $0[name] }
        let now = context.clock.sinceBoot()
        if let known, now - known.since < Self.renewAfter { return known }
        let lease = try acquire(name, channel: channel, knownEpoch: known?.lease.epoch)
        let number = lease.map { lease in
            HeldNumber(lease: lease, since: now, pacer: pacer(for: lease, after: known))
        }
        // What was held stays known, without counting for anything: the next epoch tells whether others had it.
        if let number { held.withLock { $0[name] = number } }
        return number
    }

    /// Lets other nodes have the numbers as soon as nothing more is on its way out. Only after the last turn.
    func leave() throws {
        let numbers = held.withLock { held in
            defer { held = [:] }
            return Array(held.values)
        }
        for number in numbers {
            number.pacer.waitUntilNoneIsTaken(atMost: Self.lease)
            try context.database.writeBatch { tx in try LeasesTable.release(number.lease, in: tx) }
        }
    }

    private func acquire(_ name: String, channel: any Channel, knownEpoch: Int64?) throws -> Lease? {
        let now = context.clock.now()
        let (id, staysInside) = (channel.id, channel.abilities.staysInside)
        return try context.database.writeBatch { [owner = context.owner] tx in
            guard try staysInside || !InstanceTable.isHeld(in: tx) else { return nil }
            guard let lease = try LeasesTable.acquire(name, owner: owner, for: Self.lease, in: tx) else { return nil }
            if Self.wasElsewhere(lease, knownEpoch) { try LedgerUpkeep.releaseClaims(of: id, at: now, in: tx) }
            return lease
        }
    }

    private func pacer(for lease: Lease, after known: HeldNumber?) -> Pacer {
        let pacer = known?.pacer ?? Pacer(clock: context.clock)
        if Self.wasElsewhere(lease, known?.lease.epoch) { pacer.rest() }
        return pacer
    }

    /// Whether another process held the number since we did. The first epoch of all had nobody before it, and one that
    /// follows on our own nobody in between: our lease only ended meanwhile.
    private static func wasElsewhere(_ lease: Lease, _ knownEpoch: Int64?) -> Bool {
        knownEpoch.map { lease.epoch > $0 + 1 } ?? (lease.epoch > 1)
    }
}
