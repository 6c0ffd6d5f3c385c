import Synchronization

/// How much a database was asked since it was opened: what a page or a message costs shows in how far it rises.
package final class Tally: Sendable {
    package struct Count: Sendable, Equatable {
        /// Transactions in which something was asked, those that had to be run again among them. On SQLite writers
        /// share commits, so there are fewer of those.
        package var transactions = 0
        package var statements = 0

        package static func - (later: Count, earlier: Count) -> Count {
            Count(
                transactions: later.transactions - earlier.transactions,
                statements: later.statements - earlier.statements)
        }
    }

    private let transactions = Atomic(0)
    private let statements = Atomic(0)

    package var count: Count {
        Count(
            transactions: transactions.load(ordering: .relaxed), statements: statements.load(ordering: .relaxed))
    }

    func note(statements count: Int, opening isFirst: Bool) {
        statements.add(count, ordering: .relaxed)
        if isFirst { transactions.add(1, ordering: .relaxed) }
    }
}
