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
        var failure: (any Error)?
    }

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
        state.withLock { $0.counts }.map { "\($0.value) \($0.key.rawValue)" }.sorted().joined(separator: ", ")
    }

    /// Disrupts for so long, then lets all come back.
    func run(lasting span: Timestamp.Span, seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let start = clock.sinceBoot()
        let moments: [ClusterNode.Role] = [.worker, .web]
        var passed = 0
        while clock.sinceBoot() < start + span {
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
        state.wait { $0.out.isEmpty ? () : nil }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

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
