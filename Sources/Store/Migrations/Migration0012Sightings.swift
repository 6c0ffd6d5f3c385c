import SQL

extension Migration {
    /// What single processes have met that concerns the whole house.
    static let sightings = Migration(
        12, "sightings",
        common: [
            """
            CREATE TABLE node_sightings (
                node_id TEXT NOT NULL REFERENCES nodes (id) ON DELETE CASCADE,
                what TEXT NOT NULL,
                subject TEXT NOT NULL,
                PRIMARY KEY (node_id, what, subject)
            ) STRICT, WITHOUT ROWID
            """
        ])
}
