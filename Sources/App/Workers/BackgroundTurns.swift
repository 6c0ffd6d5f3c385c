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
    /// The host's jobs, and those of each plugin, one at a time each: one that sleeps keeps none but its plugin's own
    /// waiting.
    let jobLanes: [JobLane]
    /// One of them, which a process without workers has as well.
    let backupLane: JobLane
    private let jobLeases: JobLeases
    private let jobs: JobRunner
    private let sealer: ConsentSealer
    private let host: Host

    package init(_ host: Host) {
        self.host = host
        let context = host.messaging
        deliveries = DeliveryWorker(context, orders: host.orders) { host.reader($0) }
        events = EventWorker(context) { host.planners }
        answers = AnswerRecorder(context)
        dispatcher = Dispatcher(context, recorder: answers)
        let entered = JobRunner.Entered()
        let leases = JobLeases(context)
        jobLeases = leases
        func runner(_ declarations: @escaping @Sendable () -> [JobDeclaration]) -> JobRunner {
            JobRunner(
                context: context, declarations: declarations, shouldStop: { host.workforce.isStopping },
                entered: entered, leases: leases)
        }
        jobs = runner { host.plugins.jobs + HostJobs(host).all + BackupJobs(host).own }
        let ownLane = JobLane(name: "jobs", runner: runner { HostJobs(host).all })
        backupLane = JobLane(name: "jobs backup", runner: runner { BackupJobs(host).own })
        jobLanes =
            [ownLane, backupLane]
            + host.plugins.all.map(\.declaration.id).map { id in
                JobLane(name: "jobs " + id, runner: runner { host.plugins.jobs(of: id) })
            }
        sealer = ConsentSealer(keys: host.keys)
    }

    /// A thread's share of the jobs.
    struct JobLane: Sendable {
        let name: String
        let runner: JobRunner
    }

    /// Enters the repeating jobs that the host and the active plugins declare.
    package func declareJobs() throws { try jobs.declare() }

    /// Runs one due job of any lane.
    package func runJobs() throws -> Timestamp? { try jobs.turn() }

    /// Keeps the leases of the jobs that run at this moment.
    package func renewJobLeases() throws -> Timestamp? { try jobLeases.renew() }

    /// Seals a batch of consents; due at once again while there are more.
    package func sealConsents() throws -> Timestamp? {
        let (sealer, owner) = (self.sealer, host.messaging.owner)
        guard try host.database.read({ tx in try sealer.hasWork(in: tx) }) else { return nil }
        guard try host.database.writeBatch({ tx in try sealer.holds(owner: owner, in: tx) }) else { return nil }
        let step = try host.database.write { tx in try sealer.step(owner: owner, in: tx) }
        return step == .more ? host.clock.now() : nil
    }
}
