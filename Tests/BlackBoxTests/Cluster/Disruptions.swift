import Core
import Synchronization
import TestSupport

/// What befalls the nodes: each is killed, frozen or stopped at random and comes back after a while, all by one seed.
/// Of each kind one is left alone, but for two moments in which no worker, and then no web node, is at work.
final class Disruptions: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case killed, frozen, stopped
        /// Frozen, and killed before it woke.
        case frozenAndKilled = "frozen and killed"
    }

    private struct State {
        var out: Set<String> = []
        var counts: [Kind: Int] = [:]
        /// How long the sending number was in nobody's hands after each freeze of its holder.
        var handOvers: [Timestamp.Span] = []
        var failure: (any Error)?
    }

    /// So often the worker that holds the sending number is frozen for longer than its lease lasts.
    static let frozenHolders = 3

    private let cluster: Cluster
    private let longestFreeze: Timestamp.Span
    private let clock = SystemClock()
    private let never = Monitor(())
    private let state = Monitor(State())

    /// - Parameter longestFreeze: more than the life of a lease shows most.
    init(_ cluster: Cluster, longestFreeze: Timestamp.Span) {
        self.cluster = cluster
        self.longestFreeze = longestFreeze
    }

    /// So many of each kind so far, in words.
    var summary: String {
        let (counts, handOvers) = state.withLock { ($0.counts, $0.handOvers) }
        let times = handOvers.map { "\($0.milliseconds) ms" }.joined(separator: ", ")
        return counts.map { "\($0.value) \($0.key.rawValue)" }.sorted().joined(separator: ", ")
            + "; the number of a frozen holder went over after \(times)"
    }

    /// Disrupts for so long, and until the number's holder was frozen as often as it is to be; then lets all come back.
    func run(lasting span: Timestamp.Span, seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let start = clock.sinceBoot()
        let moments: [ClusterNode.Role] = [.worker, .web]
        var passed = 0
        let freezing = try Concurrently(1) { [self] _ in try freezeHolders() }
        while clock.sinceBoot() < start + span || !hasFrozenHolders {
            pause(.milliseconds(.random(in: 200...1200, using: &random)))
            if passed < moments.count,
                (clock.sinceBoot() - start).milliseconds * 3 > span.milliseconds * Int64(passed + 1)
            {
                try takeOut(all: moments[passed])
                passed += 1
            }
            guard let node = cluster.nodes.randomElement(using: &random),
                let kind = Kind.allCases.randomElement(using: &random)
            else { continue }
            let away = Int64.random(in: 100...longestFreeze.milliseconds, using: &random)
            if leavesOne(node) { try disrupt(node, kind, away: .milliseconds(kind == .frozen ? away : away / 4)) }
        }
        try freezing.finish()
        state.wait { $0.out.isEmpty ? () : nil }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private var hasFrozenHolders: Bool {
        state.withLock { $0.handOvers.count >= Self.frozenHolders || $0.failure != nil }
    }

    private func freezeHolders() throws {
        do {
            for _ in 0..<Self.frozenHolders {
                pause(.seconds(1))
                try freezeHolder()
            }
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
        }
    }

    /// Stops the worker that sends until the other one holds its number, and for a moment more: it wakes up in the
    /// belief that it may still send.
    private func freezeHolder() throws {
        let watch = try NumberWatch(cluster)
        let end = clock.sinceBoot() + .seconds(60)
        func waiting<T>(_ name: String, for found: () throws -> T?) throws -> T {
            while clock.sinceBoot() < end {
                if let found = try found() { return found }
                pause(.milliseconds(50))
            }
            throw ProcessFailure("waited in vain for \(name)")
        }
        let holder = try waiting("a worker that holds the number") {
            try watch.holder().flatMap { leavesOne($0) && reserve($0) ? $0 : nil }
        }
        defer {
            holder.thaw()
            state.withLock { _ = $0.out.remove(holder.name) }
            state.wakeAll()
        }
        holder.freeze()
        let frozen = clock.sinceBoot()
        _ = try waiting("another worker to take the number over") {
            try watch.holder().flatMap { $0.name == holder.name ? nil : $0 }
        }
        state.withLock { $0.handOvers.append(clock.sinceBoot() - frozen) }
        pause(.seconds(1))
    }

    /// False when it is out already.
    private func reserve(_ node: ClusterNode) -> Bool { state.withLock { $0.out.insert(node.name).inserted } }

    private func takeOut(all role: ClusterNode.Role) throws {
        for node in cluster.nodes where node.role == role && !isOut(node) {
            try disrupt(node, role == .web ? .frozen : .killed, away: .seconds(1))
        }
    }

    private func isOut(_ node: ClusterNode) -> Bool { state.withLock { $0.out.contains(node.name) } }

    private func leavesOne(_ node: ClusterNode) -> Bool {
        state.withLock { state in
            cluster.nodes.filter { $0.role == node.role }.allSatisfy { !state.out.contains($0.name) }
        }
    }

    /// On a thread of its own, for a node takes its time to end and to start.
    private func disrupt(_ node: ClusterNode, _ kind: Kind, away: Timestamp.Span) throws {
        state.withLock { state in
            state.out.insert(node.name)
            state.counts[kind, default: 0] += 1
        }
        try Thread.start("disruption") { [self] in
            do {
                try befall(node, kind, away)
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
            state.withLock { _ = $0.out.remove(node.name) }
            state.wakeAll()
        }.detach()
    }

    private func befall(_ node: ClusterNode, _ kind: Kind, _ away: Timestamp.Span) throws {
        switch kind {
        case .killed:
            try node.kill()
            pause(away)
        case .stopped:
            try node.stop()
            pause(away)
        case .frozen:
            node.freeze()
            pause(away)
            return node.thaw()
        case .frozenAndKilled:
            node.freeze()
            pause(away)
            try node.kill()
        }
        try node.start()
    }

    private func pause(_ span: Timestamp.Span) { _ = never.wait(atMost: span) { _ in Void?.none } }
}
