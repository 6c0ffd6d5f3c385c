import Database
package import Core
package import Messaging
import PluginKit
import SQL
import Store

/// The background work as single turns, each doing what is due and saying when it has to look again. Threads run
/// them in a server; a test runs them itself, at the time it wants.
package struct BackgroundTurns: Sendable {
    package let deliveries: DeliveryWorker
    package let events: EventWorker
    package let dispatcher: Dispatcher
    package let answers: AnswerRecorder
    private let jobs: JobRunner
    private let sealer: ConsentSealer
    private let host: Host

    package init(_ host: Host) {
        self.host = host
        let context = host.messaging
        deliveries = DeliveryWorker(context, orders: host.orders) { host.plugins.reader($0) }
        events = EventWorker(context) { host.plugins.planners }
        answers = AnswerRecorder(context)
        dispatcher = Dispatcher(context, recorder: answers)
        jobs = JobRunner(
            context: context, declarations: { host.jobs },
            shouldStop: { host.workforce.isStopping })
        sealer = ConsentSealer(keys: host.keys)
    }

    /// Enters the repeating jobs that the host and the active plugins declare.
    package func declareJobs() throws { try jobs.declare() }

    /// Runs one due job.
    package func runJobs() throws -> Timestamp? { try jobs.turn() }

    /// Seals a batch of consents; due at once again while there are more.
    package func sealConsents() throws -> Timestamp? {
        let (sealer, owner) = (self.sealer, host.messaging.owner)
        guard try host.database.read({ tx in try sealer.hasWork(in: tx) }) else { return nil }
        let step = try host.database.write { tx in try sealer.step(owner: owner, in: tx) }
        return step == .more ? host.clock.now() : nil
    }
}
