import Core
import Synchronization
import TestSupport

/// What befalls the nodes: each is killed, frozen or stopped at random and comes back after a while, all by one seed; who
/// is killed or frozen is in the middle of changing something. Of each role one is left alone, but for two moments in
/// which no worker, and then no web node, is at work.
final class Disruptions: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case killed, frozen, stopped
        /// Frozen, and killed before it woke.
        case frozenAndKilled = "frozen and killed"
    }

    private struct State {
        var out: Set<String> = []
        var tally = DisruptionTally()
        var failure: (any Error)?
    }

    /// So often the worker that holds the sending number is frozen for longer than its lease lasts.
    static let frozenHolders = 3
    /// So long what has to befall the nodes is waited for after its time.
    private static let patience = Timestamp.Span.minutes(2)
    /// So long a node may find something to do before it is disrupted.
    private static let idleness = Timestamp.Span.seconds(5)

    private let cluster: Cluster
    private let watch: ClusterWatch
    private let longestFreeze: Timestamp.Span
    private let clock = SystemClock()
    private let never = Monitor(())
    private let state = Monitor(State())

    /// - Parameter longestFreeze: more than the life of a lease shows most.
    init(_ cluster: Cluster, longestFreeze: Timestamp.Span) throws {
        self.cluster = cluster
        self.longestFreeze = longestFreeze
        watch = try ClusterWatch(cluster)
    }

    var tally: DisruptionTally { state.withLock { $0.tally } }

    /// Disrupts for so long, and until all has happened that is to happen; then lets all come back.
    func run(lasting span: Timestamp.Span, seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let start = clock.sinceBoot()
        let moments: [ClusterNode.Role] = [.worker, .web]
        var passed = 0
        var decks: [ClusterNode.Role: [Kind]] = [:]
        let freezing = try Concurrently(1) { [self] _ in try freezeHolders() }
        while clock.sinceBoot() < start + (isWanting ? span + Self.patience : span) {
            pause(.milliseconds(.random(in: 200...1200, using: &random)))
            if passed < moments.count,
                (clock.sinceBoot() - start).milliseconds * 3 > span.milliseconds * Int64(passed + 1)
            {
                try takeOut(all: moments[passed])
                passed += 1
            }
            guard let node = cluster.nodes.randomElement(using: &random), leavesOne(node) else { continue }
            // Dealt like cards, so that none is left out.
            var deck = decks[node.role] ?? []
            if deck.isEmpty { deck = Kind.allCases.shuffled(using: &random) }
            let kind = deck.removeLast()
            decks[node.role] = deck
            let away = Int64.random(in: 100...longestFreeze.milliseconds, using: &random)
            try disrupt(node, kind, away: .milliseconds(kind == .frozen ? away : away / 4))
        }
        try freezing.finish()
        state.wait { $0.out.isEmpty ? () : nil }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// False also when there is no sense in going on.
    private var isWanting: Bool { state.withLock { $0.failure == nil && !$0.tally.wanting.isEmpty } }

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
        state.withLock { $0.tally.handOvers.append(clock.sinceBoot() - frozen) }
        pause(.seconds(1))
    }

    private func takeOut(all role: ClusterNode.Role) throws {
        for node in cluster.nodes where node.role == role {
            try disrupt(node, role == .web ? .frozen : .killed, away: .seconds(1))
        }
    }

    /// False when it is out already.
    private func reserve(_ node: ClusterNode) -> Bool { state.withLock { $0.out.insert(node.name).inserted } }

    private func leavesOne(_ node: ClusterNode) -> Bool {
        state.withLock { state in
            cluster.nodes.filter { $0.role == node.role }.allSatisfy { !state.out.contains($0.name) }
        }
    }

    /// On a thread of its own, for a node takes its time to end and to start. Nothing befalls one that is out already.
    private func disrupt(_ node: ClusterNode, _ kind: Kind, away: Timestamp.Span) throws {
        guard reserve(node) else { return }
        try Thread.start("disruption") { [self] in
            do {
                let hasHappened = try befall(node, kind, away)
                state.withLock { state in
                    if hasHappened { state.tally.note(kind, of: node.role) } else { state.tally.spared += 1 }
                }
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
            state.withLock { _ = $0.out.remove(node.name) }
            state.wakeAll()
        }.detach()
    }

    /// - Returns: false when the node had nothing to do, and was let alone.
    private func befall(_ node: ClusterNode, _ kind: Kind, _ away: Timestamp.Span) throws -> Bool {
        guard try freezesAtWork(node) else { return false }
        switch kind {
        case .killed:
            try node.kill()
            pause(away)
        case .stopped:
            node.thaw()
            try node.stop()
            pause(away)
        case .frozen:
            pause(away)
            node.thaw()
            return true
        case .frozenAndKilled:
            pause(away)
            try node.kill()
        }
        try node.start()
        return true
    }

    /// Freezes a node at a moment in which it has begun to change something and has not ended it. Nothing goes on in it
    /// while it is looked at, so that this still holds when it is killed.
    private func freezesAtWork(_ node: ClusterNode) throws -> Bool {
        let end = clock.sinceBoot() + Self.idleness
        while clock.sinceBoot() < end {
            node.freeze()
            if try watch.isChangingSomething(node) { return true }
            node.thaw()
            // It is to do its work meanwhile, rather than to be looked at.
            pause(.milliseconds(100))
        }
        return false
    }

    private func pause(_ span: Timestamp.Span) { _ = never.wait(atMost: span) { _ in Void?.none } }
}
