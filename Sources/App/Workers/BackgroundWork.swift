import Core
import Database
import Messaging
import PluginKit
import SQL
import Store

/// Sets the background threads to work: one kind of work each, in the order of an order's path.
package struct BackgroundWork {
    private let host: Host

    package init(_ host: Host) { self.host = host }

    /// Gives the workforce all its work, and does not start it. On SQLite the former process is proved dead by the
    /// folder's lock, so what it left in hand is taken over first.
    package func prepare() throws {
        if host.database.engine == .sqlite {
            let now = host.clock.now()
            try host.database.write { tx in try Self.takeOver(at: now, in: tx) }
        }
        let turns = BackgroundTurns(host)
        loop("deliveries", .deliveries) { try turns.deliveries.turn() }
        loop("events", .events) { try turns.events.turn() }
        loop("dispatcher", .messages) {
            try turns.dispatcher.turn().next
        } leave: {
            try turns.dispatcher.leave()
        }
        try turns.declareJobs()
        for lane in turns.jobLanes { loop(lane.name, .jobs) { try lane.runner.turn() } }
        keepLeases(turns)
        loop("sealer", nil, atMost: .seconds(1)) { try turns.sealConsents() }
        try host.workforce.run("answers", { record(turns.answers) }, unblock: { turns.answers.wakeUp() })
    }

    /// Gives the workforce of a process that answers requests alone what people ask for on its pages and get there.
    package func prepareForPages() {
        let turns = BackgroundTurns(host)
        let lane = turns.backupLane
        loop(lane.name, .jobs, atMost: .seconds(30)) { try lane.runner.turn() }
        keepLeases(turns)
    }

    private func keepLeases(_ turns: BackgroundTurns) {
        loop("job leases", nil, atMost: JobLeases.turn) { try turns.renewJobLeases() }
    }

    private func loop(
        _ name: String, _ topic: WakeTopic?, atMost longest: Timestamp.Span? = nil,
        _ turn: @escaping @Sendable () throws -> Timestamp?, leave: @escaping @Sendable () throws -> Void = {}
    ) {
        let usual: Timestamp.Span = host.database.engine == .sqlite ? .seconds(30) : .seconds(1)
        host.workforce.add(
            WorkLoop(
                name, clock: host.clock, log: host.log, longestSleep: longest ?? usual, turn: turn, leave: leave),
            wokenBy: topic)
    }

    /// What a process that is gone for certain had in hand is anybody's again.
    static func takeOver(at now: Timestamp, in tx: any WriteTransaction) throws {
        _ = try LedgerUpkeep.takeOver(at: now, in: tx)
        try EventsTable.releaseAll(in: tx)
        try DeliveriesTable.releaseAll(in: tx)
        try JobsTable.releaseAll(in: tx)
        try LeasesTable.endAll(in: tx)
    }

    private func record(_ recorder: AnswerRecorder) {
        let workforce = host.workforce
        var failure = RepeatedFailure()
        while true {
            let some = recorder.wait(atMost: .seconds(60), unless: { workforce.isEnding })
            if !some, workforce.isEnding { return }
            do {
                try recorder.record()
                if failure.isOver() { host.log.info("answers recorded again") }
            } catch {
                if failure.isToBeSaid(error, at: host.clock.sinceBoot()) {
                    host.log.error("answers not recorded", ["error": .error(error)])
                }
                // The rows are safe: what cannot be written now is written with the next answers, or given up by lease.
                if workforce.isEnding { return }
                _ = Monitor(()).wait(atMost: .milliseconds(200)) { _ in Optional<Void>.none }
            }
        }
    }
}
