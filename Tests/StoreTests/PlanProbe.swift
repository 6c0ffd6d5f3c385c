import Core
import SQL

/// Runs every statement as it is told to, and asks the engine first by which way it will go.
struct PlanProbe: WriteTransaction {
    private let inner: any WriteTransaction
    private let scans = Collected<String>()

    init(_ inner: any WriteTransaction) throws {
        self.inner = inner
        // An empty table is scanned whatever its indexes; only where there is none does PostgreSQL still do so now.
        if inner.engine == .postgresql {
            try inner.run("SET LOCAL enable_seqscan = off")
            try inner.run("SET LOCAL enable_bitmapscan = off")
        }
    }

    /// Statements that read a whole table, with the engine's words for it.
    var wholeTableReads: [String] { scans.all }

    var engine: Engine { inner.engine }

    func rows(_ query: Query) throws(DatabaseError) -> [Row] {
        try look(at: query)
        return try inner.rows(query)
    }

    func run(_ query: Query) throws(DatabaseError) -> Int {
        try look(at: query)
        return try inner.run(query)
    }

    func afterCommit(_ wake: @escaping @Sendable () -> Void) {}

    private func look(at query: Query) throws(DatabaseError) {
        // The one row at an end of the key: it is walked, but only one step.
        if query.text.hasSuffix("LIMIT 1") { return }
        let explain: Query = engine.choose(sqlite: "EXPLAIN QUERY PLAN ", postgresql: "EXPLAIN ")
        for row in try inner.rows(explain + query) {
            let step = try row.text(engine.choose(sqlite: 3, postgresql: 0))
            let scansTable = engine.choose(sqlite: Self.isSQLiteScan(step), postgresql: step.contains("Seq Scan on"))
            if scansTable { scans.add("\(step) [\(query.text)]") }
        }
    }

    /// `SCAN x` without an index; `due` and the like are results at hand, not tables.
    private static func isSQLiteScan(_ step: String) -> Bool {
        step.hasPrefix("SCAN ") && !step.contains("USING") && !step.contains("CONSTANT ROW")
            && !["SCAN due", "SCAN matching", "SCAN (subquery"].contains { step.hasPrefix($0) }
    }
}
