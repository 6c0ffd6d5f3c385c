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

    /// Starts everything. On SQLite the former process is proved dead by the folder's lock, so what it left in hand
    /// is taken over first.
    package func start() throws {
        if host.database.engine == .sqlite { try takeOver() }
        let (host, context) = (self.host, host.messaging)
        let sleep: Timestamp.Span = host.database.engine == .sqlite ? .seconds(30) : .seconds(1)
        func loop(
            _ name: String, _ topic: WakeTopic?, atMost longest: Timestamp.Span? = nil,
            _ turn: @escaping @Sendable () throws -> Timestamp?
        ) {
            host.workforce.add(
                WorkLoop(name, clock: host.clock, log: host.log, longestSleep: longest ?? sleep, turn: turn),
                wokenBy: topic)
        }
        let deliveries = DeliveryWorker(context, orders: host.orders) { host.plugins.reader($0) }
        loop("deliveries", .deliveries) { try deliveries.turn() }
        let events = EventWorker(context) { host.plugins.planners }
        loop("events", .events) { try events.turn() }
        let recorder = AnswerRecorder(context)
        let dispatcher = Dispatcher(context, recorder: recorder)
        loop("dispatcher", .messages) { try dispatcher.turn().next }
        let jobs = JobRunner(
            context: context, declarations: { host.plugins.jobs + HostJobs(host).all },
            shouldStop: { host.workforce.isStopping })
        try jobs.declare()
        loop("jobs", .jobs) { try jobs.turn() }
        let sealer = ConsentSealer(keys: host.keys)
        loop("settings", nil, atMost: .seconds(1)) {
            try host.settings.refresh()
            return nil
        }
        loop("sealer", nil, atMost: .seconds(1)) {
            let step = try host.database.write { tx in try sealer.step(owner: context.owner, in: tx) }
            return step == .more ? host.clock.now() : nil
        }
        try host.workforce.run("answers", { record(recorder) }, unblock: { recorder.wakeUp() })
        host.settings.onChange {
            host.resumeWhatSettingsHeld()
            for topic in WakeTopic.allCases { host.workforce.wake(topic) }
        }
        try host.workforce.start()
    }

    private func takeOver() throws {
        let now = host.clock.now()
        try host.database.write { tx in
            _ = try LedgerUpkeep.takeOver(at: now, in: tx)
            try EventsTable.releaseAll(in: tx)
            try DeliveriesTable.releaseAll(in: tx)
            try JobsTable.releaseAll(in: tx)
            try LeasesTable.endAll(in: tx)
        }
    }

    private func record(_ recorder: AnswerRecorder) {
        let workforce = host.workforce
        while true {
            let some = recorder.wait(atMost: .seconds(60), unless: { workforce.isStopping })
            if !some, workforce.isStopping { return }
            do {
                try recorder.record()
            } catch {
                host.log.error("answers not recorded", ["error": .text(String(describing: error))])
                // The rows are safe: what cannot be written now is written with the next answers, or given up by lease.
                if workforce.isStopping { return }
                _ = Monitor(()).wait(atMost: .milliseconds(200)) { _ in Optional<Void>.none }
            }
        }
    }
}

extension Host {
    /// What waited for sending to be allowed or set up is due at once; the policy asks the settings anew.
    func resumeWhatSettingsHeld() {
        let now = clock.now()
        do {
            try database.writeBatch { tx in
                for reason in [PolicyReason.sendingPaused, .notSetUp] {
                    try LedgerUpkeep.dueNow(waitingFor: reason.rawValue, at: now, in: tx)
                }
            }
        } catch {
            log.error("held messages not resumed", ["error": .text(String(describing: error))])
        }
    }
}
