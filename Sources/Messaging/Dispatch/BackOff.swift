package import Core
package import Domain
package import Store

/// When a refused message is tried again, by the class of its failure
/// (docs/decisions/0006-fenced-hand-over.md has the table).
package enum BackOff {
    package enum Verdict: Sendable, Equatable {
        case again(after: Timestamp.Span, tries: LedgerRow.Tries)
        case giveUp
    }

    static let rateLimit = 5
    static let serverLimit = 3
    /// Transactional messages end by their age; this bounds the others (about four hours of tries).
    static let networkLimit = 50

    /// - Parameter asked: how long the provider said to wait.
    package static func verdict(
        _ failure: FailureClass, tries: LedgerRow.Tries, asked: Timestamp.Span?
    ) -> Verdict {
        var tries = tries
        switch failure {
        case .network:
            tries.network += 1
            guard tries.network <= networkLimit else { return .giveUp }
            return .again(after: doubling(tries.network, from: 2, most: 300), tries: tries)
        case .tryLater:
            tries.rate += 1
            guard tries.rate <= rateLimit else { return .giveUp }
            return .again(after: max(asked ?? .zero, doubling(tries.rate, from: 2, most: 600)), tries: tries)
        case .slowPerson:
            tries.rate += 1
            guard tries.rate <= rateLimit else { return .giveUp }
            // Meta's own rule for its pair limit: 4^n seconds, n from 0.
            var wait: Int64 = 1
            for _ in 1..<tries.rate { wait *= 4 }
            return .again(after: max(asked ?? .zero, .seconds(wait)), tries: tries)
        case .providerTrouble:
            tries.server += 1
            guard tries.server <= serverLimit else { return .giveUp }
            return .again(after: max(asked ?? .zero, doubling(tries.server, from: 5, most: 300)), tries: tries)
        case .stopTemplate, .stopNumber:
            return .again(after: .minutes(5), tries: tries)
        case .stopPerson, .ourBug:
            return .giveUp
        }
    }

    private static func doubling(_ turn: Int, from first: Int64, most: Int64) -> Timestamp.Span {
        .seconds(min(most, first << Int64(min(turn - 1, 20))))
    }
}
