import Core
import Database
import SQL
package import Store
import Synchronization

/// Whether this installation is held, as every thread asks before something leaves. Held in memory; what another
/// process says is in force within 2 s (`refresh`).
package final class InstanceDesk: Sendable {
    private let database: Database
    private let clock: any Clock
    private let log: Log
    private let whereabouts: Whereabouts
    private let state = Mutex<Instance?>(nil)
    /// One reads at a time, so that the later reading counts.
    private let reading = Mutex(())
    private let listeners = Mutex<[@Sendable () -> Void]>([])

    init(_ options: HostOptions, database: Database, clock: any Clock, log: Log) throws {
        self.database = database
        self.clock = clock
        self.log = log
        whereabouts = Whereabouts(options)
        try refresh()
    }

    /// As it stands on record; nil before the first start of a server.
    package var known: Instance? { state.withLock { $0 } }
    /// Nil while this is the live one.
    package var hold: InstanceHold? { known?.hold }
    /// Everything was taken to another database, which goes on in its place.
    package var hasMoved: Bool { hold?.isMoved == true }

    /// Looks whether this is the place on record, before a server starts to work: a copy is held from here on.
    /// - Parameter storedAddress: the public address that stands in the settings.
    package func recognise(storedAddress: String?) throws {
        let before = try database.read { tx in try InstanceTable.find(in: tx) }
        let sight = try whereabouts.sight(database, known: before, storedAddress: storedAddress)
        let now = clock.now()
        let known = try database.write { tx in
            let known = try InstanceTable.recognise(sight, at: now, in: tx)
            if let hold = known.hold, before?.hold != hold {
                try AuditTable.add(
                    AuditEntry(
                        id: ID.make(at: now), at: now, actor: "system", action: "instance.held", subject: "instance",
                        data: ["why": hold.difference?.rawValue ?? hold.kind.word]),
                    in: tx)
            }
            return known
        }
        if let hold = known.hold {
            log.warning(
                "held: nothing is sent until an owner confirms that this is the live installation",
                ["why": .text(hold.difference?.rawValue ?? hold.kind.word), "page": "/admin/instance"])
        }
        try refresh()
        writeMark()
    }

    /// Reads anew when another process has changed it. Called about every second.
    package func refresh() throws {
        let isNew = try reading.withLock { _ in
            let known = try database.read { tx in try InstanceTable.find(in: tx) }
            return state.withLock { state in
                defer { state = known }
                return state != known
            }
        }
        guard isNew else { return }
        for listener in listeners.withLock({ $0 }) { listener() }
    }

    /// Calls `body` after each change, whoever made it.
    package func onChange(_ body: @escaping @Sendable () -> Void) { listeners.withLock { $0.append(body) } }

    /// Leaves the mark beside a SQLite database that is at home. One that cannot be written only makes a copy harder to
    /// see.
    package func writeMark() {
        guard let known, known.hold == nil, let file = whereabouts.markFile(database), file.read() != known.mark else {
            return
        }
        do { try file.write(known.mark) } catch { log.warning("mark not written", ["error": .error(error)]) }
    }
}
