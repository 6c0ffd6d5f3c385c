package import Core
package import SQL

/// What one check that asks somebody outside found, in words.
package struct DoctorAnswer: Sendable, Equatable {
    package var check: String
    /// `ok`, `warn` or `fail`.
    package var grade: String
    package var said: String
    package var next: String?
    package var href: String?

    package init(check: String, grade: String, said: String, next: String?, href: String?) {
        self.check = check
        self.grade = grade
        self.said = said
        self.next = next
        self.href = href
    }
}

/// What others said when they were last asked.
package enum DoctorAnswersTable {
    /// In place of all former ones.
    package static func replace(
        with answers: [DoctorAnswer], at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run("DELETE FROM doctor_answers")
        for (place, answer) in answers.enumerated() {
            try tx.run(
                """
                INSERT INTO doctor_answers (check_id, place, grade, said, next_step, href, asked_at)
                VALUES (\(answer.check), \(place), \(answer.grade), \(answer.said), \(answer.next), \(answer.href),
                    \(now))
                """)
        }
    }

    /// In the order in which they were asked, and when that was; nil when nobody ever was.
    package static func all(in tx: any ReadTransaction) throws -> (answers: [DoctorAnswer], askedAt: Timestamp)? {
        let rows = try tx.rows(
            "SELECT check_id, grade, said, next_step, href, asked_at FROM doctor_answers ORDER BY place")
        guard let first = rows.first else { return nil }
        let answers = try rows.map { row in
            DoctorAnswer(
                check: try row.text(0), grade: try row.text(1), said: try row.text(2), next: try row.textOrNil(3),
                href: try row.textOrNil(4))
        }
        return (answers, try first.time(5))
    }
}
