import Core

/// What went wrong in a database. Never carries bound values, so it may be logged.
package struct DatabaseError: LoggableError, Sendable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// A unique key or foreign key said no. Write statements should use ON CONFLICT instead of meeting this.
        case constraint
        /// Two transactions met; the write was repeated until its limit. Answer 503 and Retry-After.
        case contention
        /// The engine is busy, restarting, full or out of reach. Answer 503 and Retry-After.
        case unavailable
        /// The file is not a database, or damaged.
        case corrupt
        /// A column held another type than asked for.
        case unexpectedValue
        /// The program's mistake: bad SQL, a transaction used after its closure, a write inside a write.
        case misuse
        /// The schema is newer than this program, or a migration was edited after it shipped.
        case schema
    }

    package let kind: Kind
    package let message: String
    package let sql: String?
    /// What stands in the way, where the engine told.
    package let trouble: DatabaseTrouble?

    package init(kind: Kind, message: String, sql: String? = nil, trouble: DatabaseTrouble? = nil) {
        self.kind = kind
        self.message = message
        self.sql = sql
        self.trouble = trouble
    }

    package var description: String {
        message + (trouble.map { "; \($0.advice)" } ?? "") + (sql.map { " [\($0)]" } ?? "")
    }
}
