import App
import Core
import Database
import PluginKit
import SQL
import Store
import Synchronization
import TestSupport
import Testing

/// Which node runs a job, when the one that began it falls silent.
@Suite struct JobLeaseTests {
    /// A job that does at each of its turns what the test says next, and notes what it then hears.
    private final class Slow: Plugin {
        let acts = Mutex<[@Sendable (JobRun) throws -> Void]>([])
        let turns = Mutex(0)

        var declaration: PluginDeclaration { PluginDeclaration(id: "slow", name: "Slow", version: "1") }

        func parts(_ context: PluginContext) throws -> PluginParts {
            var parts = PluginParts()
            parts.jobs = [
                JobDeclaration(kind: "slow.work", every: .hours(1)) { [self] run in
                    turns.withLock { $0 += 1 }
                    try acts.withLock { $0.isEmpty ? nil : $0.removeFirst() }?(run)
                }
            ]
            return parts
        }
    }

    private func work(_ house: TestHost) throws -> Job? {
        try house.host.database.read { tx in try JobsTable.repeating(in: tx) }.first { $0.kind == "slow.work" }
    }

    /// Runs what is due as another node would.
    private func runElsewhere(_ house: TestHost) throws {
        let other = BackgroundTurns(house.host)
        for _ in 0..<50 {
            guard let due = try other.runJobs(), due <= house.clock.now() else { return }
        }
    }

    @Test(arguments: TestDatabase.engines)
    func `who was stopped hears of it before it asks, and its word is not taken`(_ engine: Engine) throws {
        let plugin = Slow()
        let house = try TestHost(engine, plugins: [plugin])
        let heard = Mutex<[Bool]>([])
        plugin.acts.withLock { acts in
            acts.append { run in
                heard.withLock { $0.append(run.shouldStop()) }
                house.clock.advance(by: .seconds(20))
                heard.withLock { $0.append(run.shouldStop()) }
                try house.host.database.writeBatch { tx in
                    try tx.run("UPDATE jobs SET lease_until = 1 WHERE kind = 'slow.work'")
                }
                try runElsewhere(house)
                try run.save("too late")
            }
        }
        try house.runJobs()
        #expect(heard.withLock { $0 } == [false, true])
        #expect(plugin.turns.withLock { $0 } == 2)
        let job = try #require(try work(house))
        #expect(job.progress.isEmpty)
        #expect(job.lastError == nil)
        // Another turn comes an hour later, for whichever node is first.
        try runElsewhere(house)
        try house.runJobs()
        #expect(plugin.turns.withLock { $0 } == 2)
    }

    @Test(arguments: TestDatabase.engines)
    func `a job that says nothing for long keeps its lease while its process lives`(_ engine: Engine) throws {
        let plugin = Slow()
        let house = try TestHost(engine, plugins: [plugin])
        let turns = BackgroundTurns(house.host)
        let heard = Mutex<[Bool]>([])
        plugin.acts.withLock { acts in
            acts.append { run in
                for _ in 0..<4 {
                    house.clock.advance(by: .seconds(10))
                    _ = try turns.renewJobLeases()
                    heard.withLock { $0.append(run.shouldStop()) }
                }
                try runElsewhere(house)
            }
        }
        for _ in 0..<50 {
            guard let due = try turns.runJobs(), due <= house.clock.now() else { break }
        }
        #expect(heard.withLock { $0 } == [false, false, false, false])
        #expect(plugin.turns.withLock { $0 } == 1)
    }
}
