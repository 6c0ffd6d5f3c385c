package import Core

/// Sizes that a site may want otherwise; the defaults suit a small server.
package struct DatabaseOptions: Sendable {
    /// SQLite: how many closures may read at once, each on its own connection.
    package var readers = 8
    /// SQLite: at how many pages the write-ahead log is started anew (8000 are 32 MB).
    package var logPages = 8000
    /// PostgreSQL: how many connections this process may hold, where the address has no `pool_size`.
    package var connections = 16
    /// SQLite: how many pages of 4096 bytes the file may have; nil for no limit of ours.
    package var pageLimit: Int?

    /// PostgreSQL: for how long a program that brings the schema up to date holds the others back without a sign of
    /// life.
    package var migrationLease = Timestamp.Span.seconds(15)

    package init() {}
}
