package import Core

extension Page {
    /// A page from rows that were read with one more than asked for: the surplus row says that there is a next page.
    package init(_ rows: [Row], for request: PageRequest, cursor: (Row) -> Cursor) {
        let shown = Array(rows.prefix(request.limit))
        self.init(rows: shown, next: rows.count > request.limit ? shown.last.map(cursor) : nil)
    }
}
