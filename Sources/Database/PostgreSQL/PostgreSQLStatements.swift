import CDatabase

/// The prepared statements of one connection, at most `limit`: the one unused for longest makes room for a new one.
struct PostgreSQLStatements {
    struct Key: Hashable {
        let sql: String
        let types: [Oid]
    }

    private struct Entry {
        let name: String
        var lastUse: Int
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]
    private var uses = 0
    /// Names are never given twice: a statement that was to go may still be known to the server.
    private var made = 0
    /// Evicted here, still known to the server: to be dropped with the next messages.
    private(set) var evicted: [String] = []

    /// - Parameter limit: composed filters make many texts; the hot ones stay.
    init(limit: Int = 300) { self.limit = limit }

    /// The name of the statement; `isNew` says that it has to be prepared under it.
    mutating func name(of key: Key) -> (name: String, isNew: Bool) {
        uses += 1
        if let name = entries[key]?.name {
            entries[key]?.lastUse = uses
            return (name, false)
        }
        if entries.count >= limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            entries[oldest.key] = nil
            evicted.append(oldest.value.name)
        }
        made += 1
        let name = "s\(made)"
        entries[key] = Entry(name: name, lastUse: uses)
        return (name, true)
    }

    /// The server did not come to prepare it.
    mutating func forget(_ key: Key) { entries[key] = nil }

    /// The evicted ones, for whoever asks the server to drop them.
    mutating func takeEvicted() -> [String] {
        defer { evicted.removeAll() }
        return evicted
    }

    /// The server did not come to drop it.
    mutating func keepEvicted(_ name: String) { evicted.append(name) }

    /// The server has dropped all.
    mutating func forgetAll() {
        entries.removeAll(keepingCapacity: true)
        evicted.removeAll()
    }

    var count: Int { entries.count }
}
