import Core
import Database
import SQL
import Store
import Text

/// Copies the rows of one table page by page, each together with the note that it is done.
struct TableCopy {
    private let shape: TableShape
    private let source: any ReadTransaction
    private let target: Database
    private let progress: MoveProgress

    /// Enough that a commit costs little beside them.
    private static let pageRows = 2000

    init(_ shape: TableShape, from source: any ReadTransaction, to target: Database, progress: MoveProgress) {
        self.shape = shape
        self.source = source
        self.target = target
        self.progress = progress
    }

    /// - Parameter former: how far it has come; nil where it was not begun.
    func run(from former: CopyNote?) throws {
        try progress.begin("copying", shape.name, of: try TableRows.count(of: shape, in: source))
        var note = former ?? CopyNote()
        if former == nil {
            try target.load { [note, shape] tx in try tx.note(note, after: nil, for: shape) }
        }
        if note.stage == .rows { try add(&note, linked: false, then: shape.selfReferences.isEmpty ? .copied : .links) }
        if note.stage == .links { try add(&note, linked: true, then: .copied) }
    }

    private struct Page: Sendable {
        let rows: [Row]
        let former: CopyNote
        let note: CopyNote
    }

    /// The next page is read while one is being written.
    private func add(_ note: inout CopyNote, linked: Bool, then next: CopyNote.Stage) throws {
        let key = try note.key.map { try shape.key(reading: $0) }
        let store: @Sendable (Page) throws -> Void = { [shape, target, progress] page in
            try target.load { tx in
                if linked {
                    try TableRows.link(page.rows, of: shape, in: tx)
                } else {
                    try TableRows.insert(page.rows, into: shape, in: tx)
                }
                try tx.note(page.note, after: page.former, for: shape)
            }
            if !linked { try progress.add(page.rows.count) }
        }
        try Conveyor<Page>.run("copy", use: store) { belt in
            try TableRows.eachPage(of: shape, after: key, limit: Self.pageRows, linked: linked, in: source) { rows in
                guard let last = rows.last else { return }
                let former = note
                note.done(upTo: String(decoding: try PortableRow.line(shape.key(of: last)), as: UTF8.self))
                try belt.put(Page(rows: rows, former: former, note: note))
            }
        }
        let former = note
        note.enter(next)
        try target.load { [note, shape] tx in try tx.note(note, after: former, for: shape) }
    }
}

/// Compares what the target has with what the source has.
struct TableComparison: Sendable {
    private let target: Database
    private let progress: MoveProgress

    init(_ target: Database, progress: MoveProgress) {
        self.target = target
        self.progress = progress
    }

    /// Whether the target has what the source has, as far as the note says that it was copied.
    func agrees(_ shape: TableShape, _ note: CopyNote, with source: any ReadTransaction) throws -> Bool {
        var end: [SQLValue]?
        if note.stage == .rows {
            // Emptied, and not begun anew.
            guard let key = note.key else { return true }
            end = try shape.key(reading: key)
        }
        // Links that are half done are done again from where they ended; the proof compares them.
        let asCopied = note.stage == .copied ? shape : shape.withoutLinks
        let there = try targetDigests(of: [asCopied])
        return try sourceDigest(of: asCopied, through: end, in: source) == there.first
    }

    func targetDigests(of shapes: [TableShape]) throws -> [TableDigest] {
        try target.snapshot { tx in try shapes.map { try digest($0, "reading back", in: tx) } }
    }

    /// - Parameter end: the last key that counts; nil for all rows.
    func sourceDigest(
        of shape: TableShape, through end: [SQLValue]? = nil, in source: any ReadTransaction
    ) throws -> TableDigest {
        try digest(shape, "comparing", through: end, in: source)
    }

    private func digest(
        _ shape: TableShape, _ verb: String, through end: [SQLValue]? = nil, in tx: any ReadTransaction
    ) throws -> TableDigest {
        try progress.begin(verb, shape.name, of: try TableRows.count(of: shape, in: tx))
        return try TableDigest.of(shape, through: end, in: tx) { rows in try progress.add(rows) }
    }
}

extension TableShape {
    /// A key as notes keep it.
    func key(reading line: String) throws -> [SQLValue] {
        let columns = key.compactMap { name in self.columns.first { $0.name == name } }
        return try PortableRow.row(Array(line.utf8), columns: columns).values
    }

    /// As rows are before they are linked.
    fileprivate var withoutLinks: TableShape {
        TableShape(
            name: name, columns: columns.filter { !selfReferences.contains($0.name) }, key: key,
            references: references)
    }
}

extension WriteTransaction {
    /// Notes a step in the same transaction.
    func note(_ note: CopyNote, after former: CopyNote?, for shape: TableShape) throws {
        guard try CopyNotesTable.advance(shape.name, from: former, to: note, in: self) else {
            throw MoveError("another migrate-database is at work on the target")
        }
    }
}
