import Core
import Database
import SQL

/// Where a restored database comes into being and takes the place of the one that is there.
///
///     stage ──▶ a database of its own, beside ──replace──▶ in place; the former one is kept
///       └─ killed: the next `stage` begins anew           └─ one step: before it all is as it was, after it all is new
protocol RestorePlace {
    /// The database in place, open; nil when there is none, or nothing in it. Nothing in it is changed.
    /// - Throws: what keeps it from being read.
    func open() throws -> Database?

    /// An empty database beside the one in place. Whatever a killed restore left there is removed.
    func stage() throws -> Database

    /// Puts the staged database, which is closed, in place.
    /// - Returns: what was kept of the former one, and how to get rid of it; nil when there was none.
    func replace() throws -> String?

    /// Removes what was staged and not put in place, and lets others restore. The last call.
    func discard()
}
