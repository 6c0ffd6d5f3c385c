import Core
import Database
import SQL
import Store

/// Fills an empty schema with the tables of a backup, and proves that it holds what the backup's maker saw.
struct TableLoading {
    private static let rowsAtATime = 2000
    private static let bytesAtATime = 8 << 20
    /// Far beyond any row: a webhook's body has 5 MB at most.
    private static let longestLine = 64 << 20

    let backup: CheckedBackup
    let database: Database

    /// - Parameter shapes: as the schema at the backup's versions has them.
    func run(into shapes: [TableShape]) throws {
        let shapes = try checked(shapes)
        // What migrations put in stands in the backup, as it was there.
        try database.load { tx in
            for shape in shapes.values.sorted(by: { $0.place > $1.place }) {
                try TableRows.removeAll(of: shape.shape, in: tx)
            }
        }
        // The next rows are read while some are being written.
        let load: @Sendable (Batch) throws -> Void = { [database] batch in
            try database.load { tx in try TableRows.insert(batch.rows, into: batch.shape, in: tx) }
        }
        try Conveyor<Batch>.run("restore-load", use: load) { belt in
            try eachBatch(of: shapes) { try belt.put(Batch(shape: $0, rows: $1)) }
        }
        let linked = shapes.filter { !$0.value.shape.selfReferences.isEmpty }
        if !linked.isEmpty {
            try eachBatch(of: linked) { shape, batch in
                let places = shape.selfReferences.compactMap { name in
                    shape.columns.firstIndex { $0.name == name }
                }
                let some = batch.filter { row in places.contains { row.values[$0] != .null(shape.columns[$0].kind) } }
                if !some.isEmpty { try database.load { tx in try TableRows.link(some, of: shape, in: tx) } }
            }
        }
        try prove(shapes)
    }

    private struct Batch: Sendable {
        var shape: TableShape
        var rows: [Row]
    }

    private struct Placed {
        var shape: TableShape
        /// In the order of the backup: parents before children.
        var place: Int
    }

    /// By the name of their entry.
    private func checked(_ shapes: [TableShape]) throws -> [String: Placed] {
        let tables = backup.manifest.tables
        let here = Dictionary(shapes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        guard Set(here.keys) == Set(tables.map(\.name)) else {
            let odd = Set(here.keys).symmetricDifference(tables.map(\.name)).sorted().joined(separator: ", ")
            throw BackupError("the backup has other tables than its versions say: \(odd)")
        }
        var placed: [String: Placed] = [:]
        for (place, table) in tables.enumerated() {
            guard let shape = here[table.name], shape.columns == table.columns else {
                throw BackupError("the backup's table \(table.name) has other columns than its version says")
            }
            placed[table.entryName] = Placed(shape: shape, place: place)
        }
        return placed
    }

    private func eachBatch(of shapes: [String: Placed], _ body: (TableShape, [Row]) throws -> Void) throws {
        var (current, rest, rows, bytes): (TableShape?, [UInt8], [Row], Int) = (nil, [], [], 0)
        func flush() throws {
            guard let current, !rows.isEmpty else { return }
            try body(current, rows)
            (rows, bytes) = ([], 0)
        }
        try backup.readAgain({ shapes[$0] != nil }) { name, piece in
            guard let shape = shapes[name]?.shape else { return }
            if shape.name != current?.name {
                try flush()
                (current, rest) = (shape, [])
            }
            var start = piece.startIndex
            while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest + piece[start..<end]
                rest = []
                start = piece.index(after: end)
                rows.append(try PortableRow.row(line, columns: shape.columns))
                bytes += line.count
                if rows.count >= Self.rowsAtATime || bytes >= Self.bytesAtATime { try flush() }
            }
            rest += piece[start...]
            guard rest.count <= Self.longestLine else {
                throw BackupError("the backup's table \(shape.name) has a row that is too long")
            }
        }
        try flush()
    }

    private func prove(_ shapes: [String: Placed]) throws {
        let sums = Dictionary(
            backup.manifest.entries.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
        try database.snapshot { tx in
            for table in backup.manifest.tables {
                guard let shape = shapes[table.entryName]?.shape else { continue }
                let digest = try TableDigest.of(shape, in: tx)
                guard digest.rows == table.rows, digest.sha256 == sums[table.entryName] else {
                    throw BackupError("\(table.name) was not restored as it was: nothing was replaced")
                }
            }
        }
    }
}
