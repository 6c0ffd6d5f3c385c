import SQL

/// A transaction on one connection; the database begins and ends it.
final class PostgreSQLTransaction: WriteTransaction, Sendable {
    private let session: PostgreSQLSession
    private let scope: TransactionScope

    init(_ session: PostgreSQLSession, scope: TransactionScope) {
        self.session = session
        self.scope = scope
    }

    var engine: Engine { .postgresql }

    func rows(_ query: Query) throws(DatabaseError) -> [Row] { try execute([query]).first?.rows ?? [] }
    func run(_ query: Query) throws(DatabaseError) -> Int { try execute([query]).first?.changed ?? 0 }

    func runAll(_ queries: [Query]) throws(DatabaseError) -> [Int] { try execute(queries).map(\.changed) }

    func afterCommit(_ wake: @escaping @Sendable () -> Void) { scope.afterCommit(wake) }

    private func execute(_ queries: [Query]) throws(DatabaseError) -> [PostgreSQLAnswer] {
        try scope.statement(count: queries.count) { () throws(DatabaseError) in
            // After a COMMIT in the middle of several the rest would commit by itself, before the answer tells of it.
            if queries.count > 1, let query = queries.first(where: { Self.endsTransaction($0.text) }) {
                let words = "a closure may not end its transaction"
                throw DatabaseError(kind: .misuse, message: words, sql: query.text)
            }
            do throws(PostgreSQLFailure) { return try session.execute(queries) } catch { throw error.error }
        }
    }

    private static func endsTransaction(_ sql: String) -> Bool {
        let word = sql.drop { $0.isWhitespace }.prefix { $0.isLetter }.uppercased()
        return ["COMMIT", "END", "ROLLBACK", "ABORT", "PREPARE"].contains(word)
    }
}
