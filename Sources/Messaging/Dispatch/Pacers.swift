import Core
import Store
import Synchronization

/// One pacer per sending number; a number that was just taken over rests first.
final class Pacers: Sendable {
    private struct Held {
        var pacer: Pacer
        var epoch: Int64
    }

    private let clock: any Clock
    private let held = Mutex<[String: Held]>([:])

    init(clock: any Clock) { self.clock = clock }

    func pacer(for lease: Lease) -> Pacer {
        held.withLock { held in
            if let known = held[lease.name], known.epoch == lease.epoch { return known.pacer }
            let pacer = held[lease.name]?.pacer ?? Pacer(clock: clock)
            // The first epoch of all had nobody before it.
            if lease.epoch > 1 { pacer.rest() }
            held[lease.name] = Held(pacer: pacer, epoch: lease.epoch)
            return pacer
        }
    }
}
