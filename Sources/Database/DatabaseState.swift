/// How the engine itself stands, for the doctor.
package struct DatabaseState: Sendable, Equatable {
    package enum Integrity: Sendable, Equatable {
        /// All pages and indexes fit together.
        case sound
        /// What is wrong first, in the engine's words.
        case damaged(String)
        /// The time given was not enough for all of it; what was looked at was sound.
        case unfinished
        /// The engine looks after this itself.
        case notAsked
    }

    /// `SQLite 3.40.1`, `PostgreSQL 15.8`.
    package var engine: String
    package var integrity: Integrity
    /// Bytes of the write-ahead log that are not in the file yet; nil where there is no such file.
    package var logBytes: Int?

    package init(engine: String, integrity: Integrity, logBytes: Int?) {
        self.engine = engine
        self.integrity = integrity
        self.logBytes = logBytes
    }
}
