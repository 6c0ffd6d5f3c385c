package import SQL

/// Counters that rise with every change of something that each process keeps in memory. A process that sees a
/// number other than its own reads anew: so a change is in force everywhere within 2 s.
package enum RevisionsTable {
    package enum Subject: String, Sendable, CaseIterable {
        case settings, plugins, tokens, users, templates
    }

    package static func raise(_ subject: Subject, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO revisions (name, number) VALUES (\(subject.rawValue), 1)
            ON CONFLICT (name) DO UPDATE SET number = revisions.number + 1
            """)
    }

    /// The number of every subject; one that never changed stands at 0.
    package static func all(in tx: any ReadTransaction) throws -> [Subject: Int] {
        var numbers = Dictionary(uniqueKeysWithValues: Subject.allCases.map { ($0, 0) })
        for row in try tx.rows("SELECT name, number FROM revisions") {
            if let subject = Subject(rawValue: try row.text(0)) { numbers[subject] = try row.int(1) }
        }
        return numbers
    }
}
