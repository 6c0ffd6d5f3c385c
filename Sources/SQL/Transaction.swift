/// A consistent view of the database, valid only inside the closure it is given to.
package protocol ReadTransaction {
    var engine: Engine { get }

    /// All rows of the result. For large results page by key instead.
    func rows(_ query: Query) throws(DatabaseError) -> [Row]
}

extension ReadTransaction {
    package func first(_ query: Query) throws(DatabaseError) -> Row? { try rows(query).first }

    /// The first column of the first row, or 0: for `SELECT count(*)` and `EXISTS`.
    package func count(_ query: Query) throws(DatabaseError) -> Int { try rows(query).first?.int(0) ?? 0 }
}

/// A transaction that may change rows. The closure it is given to has no effect outside it, may be run more than
/// once, and must not read or write through the database itself.
package protocol WriteTransaction: ReadTransaction {
    /// Runs a statement; returns how many rows it changed. `RETURNING` goes through `rows`.
    @discardableResult func run(_ query: Query) throws(DatabaseError) -> Int

    /// Runs statements none of which needs another's outcome; returns how many rows each changed. On PostgreSQL they
    /// go out together, so that a batch waits for the server once. The first that fails ends the transaction.
    @discardableResult func runAll(_ queries: [Query]) throws(DatabaseError) -> [Int]

    /// Runs `wake` after the commit, on the caller's thread. It may be lost in a crash: only for wake-ups that the
    /// scheduler would find anyway.
    func afterCommit(_ wake: @escaping @Sendable () -> Void)
}

extension WriteTransaction {
    package func runAll(_ queries: [Query]) throws(DatabaseError) -> [Int] {
        var changed: [Int] = []
        for query in queries { changed.append(try run(query)) }
        return changed
    }
}
