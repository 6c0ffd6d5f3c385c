/// One page of a list that is read by key: its rows and the cursor of the next one.
package struct Page<Row: Sendable>: Sendable {
    package var rows: [Row]
    /// Nil when this is the last page.
    package var next: Cursor?

    package init(rows: [Row], next: Cursor?) {
        self.rows = rows
        self.next = next
    }

    package func map<Other>(_ transform: (Row) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(rows: try rows.map(transform), next: next)
    }
}

/// The sort key and id of the last row seen: the only state a keyset page needs.
///
/// Its text form is for URLs: `<id>` or `<id>.<key in URL-safe hex>`; nobody outside may read meaning into it.
package struct Cursor: Sendable, Hashable {
    package var key: String?
    package var id: ID

    package init(key: String? = nil, id: ID) {
        self.key = key
        self.id = id
    }

    package init?(_ text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let id = ID(String(first)) else { return nil }
        self.id = id
        guard parts.count == 2 else { return }
        guard let bytes = [UInt8](hex: String(parts[1])) else { return nil }
        let key = String(decoding: bytes, as: UTF8.self)
        guard Array(key.utf8) == bytes else { return nil }
        self.key = key
    }

    package var text: String {
        guard let key else { return id.description }
        return id.description + "." + Array(key.utf8).hex
    }
}

/// What a list is asked for: how many rows at most, and after which one.
package struct PageRequest: Sendable {
    /// 1 to 200.
    package var limit: Int
    package var after: Cursor?

    package init(limit: Int = 50, after: Cursor? = nil) {
        self.limit = min(max(limit, 1), 200)
        self.after = after
    }
}
