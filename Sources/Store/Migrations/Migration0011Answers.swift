import SQL

extension Migration {
    /// What others said when the doctor asked them, for every node to show.
    static let answers = Migration(
        11, "answers",
        common: [
            """
            CREATE TABLE doctor_answers (
                check_id TEXT PRIMARY KEY,
                place INTEGER NOT NULL,
                grade TEXT NOT NULL,
                said TEXT NOT NULL,
                next_step TEXT,
                href TEXT,
                asked_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """
        ])
}
