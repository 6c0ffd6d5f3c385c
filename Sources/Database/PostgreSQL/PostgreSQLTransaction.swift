import SQL

/// A transaction on one connection; the database begins and ends it.
final class PostgreSQLTransaction: WriteTransaction, Sendable {
    private let connection: PostgreSQLConnection
    private let scope: TransactionScope

    init(_ connection: PostgreSQLConnection, scope: TransactionScope) {
        self.connection = connection
        self.scope = scope
    }

    var engine: Engine { .postgresql }

    func rows(_ query: Query) throws(DatabaseError) -> [Row] { try execute(query).rows }
    func run(_ query: Query) throws(DatabaseError) -> Int { try execute(query).changed }
    func afterCommit(_ wake: @escaping @Sendable () -> Void) { scope.afterCommit(wake) }

    private func execute(_ query: Query) throws(DatabaseError) -> (rows: [Row], changed: Int) {
        try scope.statement { () throws(DatabaseError) in
            do throws(PostgreSQLFailure) {
                return try connection.execute(query)
            } catch {
                if error.mayRepeat { scope.allowRepeat(forgettingStatements: error.spoilsStatements) }
                throw error.error
            }
        }
    }
}
