import Core
import Database
import Domain
import Messaging
import PluginKit
import SQL
import Store
import TestSupport
import Testing

/// A status comes before our own answer has told us the provider's id, or at the very moment at which it does: what
/// was said is applied in the end, whoever was first.
struct EarlyStatusTests {
    private func update(of id: ID, in house: LedgerHouse) -> StatusUpdate {
        StatusUpdate(
            channel: "scripted", providerID: "id-\(AttemptRef(messageID: id, number: 1))", status: .delivered,
            at: house.clock.now())
    }

    /// The server ends the transactions of programs that do nothing for some time, and these wait for each other.
    private static let staysOpen: Query = "SET LOCAL idle_in_transaction_session_timeout = '60s'"

    /// A moment later, when a worker has had its next turn.
    private func sweep(_ house: LedgerHouse) throws {
        house.clock.advance(by: .seconds(1))
        _ = try house.dispatcher.turn()
    }

    private func kept(_ house: LedgerHouse) throws -> Int {
        try house.test.database.read { tx in try tx.count("SELECT count(*) FROM early_statuses") }
    }

    @Test(arguments: TestDatabase.engines) func `a status that overtakes our answer is kept and matched`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(.accepted(providerID: "p", isHeld: false))
        house.channel.beforeAnswer { _ in
            try house.status(.delivered, of: "p")
            try house.status(.sent, of: "p")
        }
        let id = try house.plan()
        try house.turn()
        #expect(try house.row(id).status == .delivered)
        #expect(try house.row(id).acceptedAt != nil)
        #expect(try kept(house) == 0)
    }

    @Test(.enabled(if: TestDatabase.engines.contains(.postgresql)))
    func `a status stored while the answer that tells its id is committed is matched soon after`() throws {
        let house = try LedgerHouse(.postgresql)
        let id = try house.plan()
        _ = try house.dispatcher.turn()  // Its answer is not written yet.
        let update = update(of: id, in: house)
        let tracker = StatusTracker(house.context)
        let (hasLooked, isAnswered) = (Gate(), Gate())
        let telling = try Concurrently(1) { _ in
            try house.test.database.write { tx in
                try tx.run(Self.staysOpen)
                // From here on it sees the ledger as it was before the answer.
                _ = try AttemptsTable.message(providerID: update.providerID, channel: update.channel, in: tx)
                hasLooked.open()
                isAnswered.pass()
                _ = try tracker.apply([update], in: tx)
            }
        }
        hasLooked.pass()
        try house.recorder.record()
        isAnswered.open()
        try telling.finish()
        #expect(try house.row(id).status == .accepted)
        try sweep(house)
        #expect(try house.row(id).status == .delivered)
    }

    enum Side: CaseIterable { case answer, status }

    @Test(.enabled(if: TestDatabase.engines.contains(.postgresql)), arguments: Side.allCases)
    func `two open transactions that do not see each other's row come together whoever commits first`(
        _ first: Side
    ) throws {
        let house = try LedgerHouse(.postgresql)
        let database = house.test.database
        let id = try house.plan()
        _ = try house.dispatcher.turn()  // Its answer is not written yet.
        let update = update(of: id, in: house)
        let tracker = StatusTracker(house.context)

        // Into the trail an answer writes last, when it has looked for statuses that came before it.
        let (isLocked, mayAnswer) = (Gate(), Gate())
        let holding = try Concurrently(1) { _ in
            try database.writeBatch { tx in
                try tx.run(Self.staysOpen)
                try tx.run("LOCK TABLE trail IN SHARE MODE")
                isLocked.open()
                mayAnswer.pass()
            }
        }
        isLocked.pass()
        let answering = try Concurrently(1) { _ in try house.recorder.record() }
        try waitUntilSomebodyWaitsForTheTrail(database)

        let (isTold, mayTell) = (Gate(), Gate())
        let telling = try Concurrently(1) { _ in
            try database.writeBatch { tx in
                try tx.run(Self.staysOpen)
                _ = try tracker.apply([update], in: tx)
                isTold.open()
                mayTell.pass()
            }
        }
        isTold.pass()
        // A worker that looks now sees neither, and remembers that it has looked.
        try sweep(house)
        #expect(try house.row(id).status == .handedOver)

        func answer() throws {
            mayAnswer.open()
            try holding.finish()
            try answering.finish()
        }
        func tell() throws {
            mayTell.open()
            try telling.finish()
        }
        switch first {
        case .answer:
            try answer()
            try sweep(house)
            try tell()
        case .status:
            try tell()
            try sweep(house)
            try answer()
        }
        #expect(try house.row(id).status == .accepted)
        #expect(try kept(house) == 1)
        try sweep(house)
        #expect(try house.row(id).status == .delivered)
        #expect(try house.row(id).acceptedAt != nil)
        #expect(try house.trail(id).suffix(2) == ["accepted", "status"])
        #expect(try kept(house) == 0)
    }

    @Test(arguments: TestDatabase.engines)
    func `of answers and statuses that are written at the same time none is lost`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        let tracker = StatusTracker(house.context)
        for round in 0..<5 {
            let ids = try (0..<20).map { try house.plan("k\(round)-\($0)") }
            _ = try house.dispatcher.turn()
            try Concurrently.run(2) { side in
                guard side == 1 else {
                    try house.recorder.record()
                    return
                }
                for id in ids {
                    let update = update(of: id, in: house)
                    try house.test.database.writeBatch { tx in _ = try tracker.apply([update], in: tx) }
                }
            }
            try sweep(house)
            #expect(try ids.map { try house.row($0).status } == Array(repeating: .delivered, count: ids.count))
            #expect(try kept(house) == 0)
        }
    }

    private func waitUntilSomebodyWaitsForTheTrail(_ database: Database) throws {
        let end = SystemClock().sinceBoot() + .seconds(20)
        let waiting: Query = "SELECT count(*) FROM pg_locks WHERE relation = 'trail'::regclass AND NOT granted"
        while try database.read({ tx in try tx.count(waiting) }) == 0 {
            try #require(SystemClock().sinceBoot() < end)
        }
    }
}

/// Keeps threads back until it is opened.
private final class Gate: Sendable {
    private let isOpen = Monitor(false)

    func open() {
        isOpen.withLock { $0 = true }
        isOpen.wakeAll()
    }

    func pass() { isOpen.wait { $0 ? () : nil } }
}
