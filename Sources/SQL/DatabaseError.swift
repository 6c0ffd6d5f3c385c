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

    package init(kind: Kind, message: String, sql: String? = nil) {
        self.kind = kind
        self.message = message
        self.sql = sql
    }

    package var description: String {
        guard let sql else { return message }
        return "\(message) [\(sql)]"
    }
}
