import Core
import Database
import SQL
import Store

/// Takes everything from one database to another, and goes on where a former try ended, however it ended:
///
///     claim ──▶ round ──▶ proof, and the source is held ──▶ hand over
///                 ▲          │
///                 └─differed─┘
///
/// A round copies what the target does not have yet, and anew what has changed since. The proof compares counts and
/// digests of all tables while nobody can write to the source, and holds the source in the same transaction: until
/// then it is only read. The target has its notes (`CopyNotesTable`) up to the very end, in the same transactions as
/// the rows.
struct DatabaseMove {
    private let places: MovePlaces
    private let progress: MoveProgress
    private let clock: any Clock
    private var shapes: [TableShape]

    /// A source that still changes after so many rounds is being written to.
    private static let mostRounds = 5

    /// Brings the target's schema to that of the source.
    /// - Throws: `MoveError` when the target holds other data, or cannot take what the source has.
    init(_ places: MovePlaces, progress: MoveProgress, clock: any Clock) throws {
        self.progress = progress
        self.clock = clock
        shapes = try places.source.tables()
        try Self.claim(places)
        try places.target.migrate(places.series, program: Host.schema, upTo: places.versions)
        try Self.check(shapes, fit: try places.target.tables())
        self.places = places
    }

    /// - Returns: what each table holds, parents before children.
    mutating func run() throws -> [(table: String, rows: Int)] {
        defer { places.close() }
        // After a stop in between neither is at work, and the next try ends it.
        if try SourceHold.target(of: places.source) == nil { try copyAll() }
        try progress.begin("handing over to", "the target", of: 0)
        progress.finish()
        let counts = try places.target.read { tx in
            try shapes.map { (table: $0.name, rows: try TableRows.count(of: $0, in: tx)) }
        }
        try places.target.migrate(places.installedSeries, program: Host.schema)
        try handOver()
        return counts
    }

    private mutating func copyAll() throws {
        for _ in 0..<Self.mostRounds {
            let copied = try places.source.snapshot { tx in try round(from: tx) }
            try MovePlaces.refuseServed(places.source, "the source")
            if try !SourceHold.isPossible(on: places.source) {
                // A source of an older release is not touched before everything was found to be there.
                if copied { continue }
                for database in [places.source, places.target] {
                    try database.migrate(places.installedSeries, program: Host.schema)
                }
                shapes = try places.source.tables()
            }
            if try holdIfCopied() { return }
        }
        throw MoveError("the source is being written to: stop what works on it and try again")
    }

    /// Compares everything, and holds the source when nothing differs. What anybody writes to the source meanwhile waits
    /// for that.
    private func holdIfCopied() throws -> Bool {
        let comparison = TableComparison(places.target, progress: progress)
        let there = try comparison.targetDigests(of: shapes)
        return try places.source.load { [shapes, places, progress, clock] tx in
            try TableRows.lock(shapes, in: tx)
            // One that has come since; from here on none can.
            try MovePlaces.refuseServed("the source", in: tx)
            for (shape, digest) in zip(shapes, there)
            where try comparison.sourceDigest(of: shape, in: tx) != digest {
                return false
            }
            try progress.begin("holding", "the source", of: 0)
            try SourceHold.set(for: places.targetName, at: clock.now(), in: tx)
            return true
        }
    }

    /// - Returns: whether anything was copied.
    private func round(from tx: any ReadTransaction) throws -> Bool {
        var notes = try places.target.read { try CopyNotesTable.all(in: $0) }
        let comparison = TableComparison(places.target, progress: progress)
        let differing = try shapes.filter { shape in
            guard let note = notes[shape.name], note.steps > 0 else { return false }
            return try !comparison.agrees(shape, note, with: tx)
        }
        if !differing.isEmpty {
            try empty(shapes.withDependents(of: differing), &notes)
        }
        let unfinished = shapes.filter { notes[$0.name]?.stage != .copied }
        for shape in unfinished {
            let copy = TableCopy(shape, from: tx, to: places.target, progress: progress)
            try copy.run(from: notes[shape.name])
        }
        return !unfinished.isEmpty
    }

    /// Takes away what is no longer right, children before parents.
    private func empty(_ tables: [TableShape], _ notes: inout [String: CopyNote]) throws {
        for shape in tables.reversed() {
            guard let former = notes[shape.name] else { continue }
            var note = former
            note.enter(.rows)
            notes[shape.name] = note
            try places.target.load { [note] tx in
                try TableRows.removeAll(of: shape, in: tx)
                try tx.note(note, after: former, for: shape)
            }
        }
    }

    /// From here on the target is the installation.
    private func handOver() throws {
        let (now, source) = (clock.now(), places.sourceName)
        try places.target.load { tx in
            try SourceHold.settleTarget(at: now, in: tx)
            try AuditTable.add(
                AuditEntry(
                    id: ID.make(at: now), at: now, actor: CommandActor.name, action: "database.moved",
                    subject: source),
                in: tx)
            try CopyNotesTable.drop(in: tx)
        }
    }

    /// Makes the target's notes, unless it has those of a former try of the same move.
    private static func claim(_ places: MovePlaces) throws {
        let target = places.target
        try MovePlaces.refuseServed(target, "the target")
        let hasNotes = try target.hasTable(Database.copyNotes)
        if let taken = try SourceHold.target(of: places.source), taken != places.targetName || !hasNotes {
            throw MoveError("everything was moved from here to \(taken) already, and goes on there")
        }
        if hasNotes {
            guard try target.read({ try CopyNotesTable.installation(in: $0) }) == places.installation else {
                throw MoveError("the target is in the middle of a move from another installation: give an empty one")
            }
            return
        }
        let shapes = try target.tables()
        let held = try target.read { tx in try shapes.first { try TableRows.count(of: $0, in: tx) > 0 } }
        if let held {
            throw MoveError("the target already holds data (\(held.name)): give an empty database")
        }
        let installation = places.installation
        try target.load { tx in try CopyNotesTable.make(for: installation, in: tx) }
    }

    private static func check(_ shapes: [TableShape], fit target: [TableShape]) throws {
        let wrong = shapes.filter { !target.contains($0) }.map(\.name)
        guard wrong.isEmpty else {
            let names = wrong.joined(separator: ", ")
            throw MoveError("no part of this program has the tables \(names) of the source: nothing was copied")
        }
    }
}

extension [TableShape] {
    /// The tables and all that refer to them, also by way of others; in the order of the list.
    fileprivate func withDependents(of tables: [TableShape]) -> [TableShape] {
        var names = Set(tables.map(\.name))
        // Parents stand before their children.
        for shape in self where !shape.references.isDisjoint(with: names) { names.insert(shape.name) }
        return filter { names.contains($0.name) }
    }
}
