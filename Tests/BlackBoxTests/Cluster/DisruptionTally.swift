import Core

/// What befell the nodes of a cluster, counted.
struct DisruptionTally: Sendable {
    private var counts: [ClusterNode.Role: [Disruptions.Kind: Int]] = [:]
    /// So often a node had nothing to do for so long that nothing befell it.
    var spared = 0
    /// How long the sending number was in nobody's hands after each freeze of its holder.
    var handOvers: [Timestamp.Span] = []

    mutating func note(_ kind: Disruptions.Kind, of role: ClusterNode.Role) {
        counts[role, default: [:]][kind, default: 0] += 1
    }

    /// In words.
    var summary: String {
        let kinds = counts.flatMap { role, counts in counts.map { "\($0.value) × \(role) \($0.key.rawValue)" } }
        let times = handOvers.map { "\($0.milliseconds) ms" }.joined(separator: ", ")
        return "in the middle of their work: \(kinds.sorted().joined(separator: ", ")); spared \(spared) times; "
            + "the number of a frozen holder went over after \(times)"
    }

    /// What must befall the nodes, or the run shows nothing, and has not.
    var wanting: [String] {
        var wanting: [String] = []
        for role in [ClusterNode.Role.web, .worker] where (counts[role]?[.killed] ?? 0) == 0 {
            wanting.append("no \(role) was killed")
        }
        for kind in Disruptions.Kind.allCases where counts.values.allSatisfy({ $0[kind] == nil }) {
            wanting.append("nothing was \(kind.rawValue)")
        }
        if handOvers.count < Disruptions.frozenHolders {
            wanting.append("the number's holder was frozen \(handOvers.count) times")
        }
        return wanting
    }
}
