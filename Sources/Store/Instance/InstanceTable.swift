package import Core
import Crypto
package import SQL

/// The one row that says whose database this is, and whether it is held:
///
///     none ──recognise──▶ at home ──recognise, elsewhere──▶ held ──settle──▶ at home, under a new mark
///                            │                               ▲ │
///                            └──────────hold─────────────────┘ └─keep: a copy for good; settle is still open
///
/// What a server saw at its start (`found`) becomes home when the owner confirms, whoever hears the owner: another
/// node, or the command line.
package enum InstanceTable {
    /// Nil before the first start.
    package static func find(in tx: any ReadTransaction) throws -> Instance? {
        try tx.first(
            """
            SELECT mark, place, found, confirmed_at, confirmed_by, hold, hold_detail, hold_since, hold_kept
            FROM instance WHERE id = 1
            """
        ).map(read)
    }

    /// Why nothing may leave; nil where it may. So it stays until this transaction ends, for what rests on it. A node
    /// that was stopped while the database was moved away, or restored, remembers otherwise.
    package static func heldFor(in tx: any WriteTransaction) throws -> InstanceHold.Kind? {
        let row = try tx.first("SELECT hold, hold_detail FROM instance WHERE id = 1\(tx.engine.sharing)")
        return try row?.textOrNil(0).map { InstanceHold.Kind(word: $0, detail: try row?.textOrNil(1)) }
    }

    package static func isHeld(in tx: any WriteTransaction) throws -> Bool { try heldFor(in: tx) != nil }

    /// Looks where this is, at the start of a server: marks a new installation, and one of before there were marks;
    /// follows one that was renamed; holds one that is elsewhere.
    /// - Returns: how it stands now.
    @discardableResult
    package static func recognise(
        _ sight: InstanceSight, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Instance {
        let before = try find(in: tx)
        var known = before ?? Instance(mark: newMark())
        if let hold = known.hold, !sight.dissolves(hold, of: known) {
            known.found = sight.place
        } else if let difference = sight.difference(from: known) {
            let kind: InstanceHold.Kind =
                difference == .address || difference == .name && !sight.isFile
                ? .notConfirmed : .copied
            known.hold = InstanceHold(kind: kind, difference: difference, since: now)
            known.found = sight.place
        } else {
            known.hold = nil
            known.found = nil
            known.place = sight.place.remembering(known.place)
        }
        if known != before { try put(known, in: tx) }
        return known
    }

    /// Holds it: a database that was restored, or whose work goes on elsewhere. In force when this commits, on every
    /// node within 2 s.
    package static func hold(_ kind: InstanceHold.Kind, at now: Timestamp, in tx: any WriteTransaction) throws {
        var known = try find(in: tx) ?? Instance(mark: newMark())
        known.hold = InstanceHold(kind: kind, since: now)
        known.found = nil
        try put(known, in: tx)
    }

    /// Where everything was moved to; nil while it was not. Nobody moves it before this transaction has ended.
    package static func target(keeping tx: any WriteTransaction) throws -> String? {
        // A change that changes nothing meets a move's: on PostgreSQL a look alone would see what was before it.
        try tx.run("UPDATE instance SET id = id WHERE id = 1")
        guard case .moved(let target)? = try find(in: tx)?.hold?.kind else { return nil }
        return target
    }

    /// This is the live one. A new mark tells it from every copy made so far.
    /// - Parameter actor: an admin's e-mail, or what else said so.
    package static func settle(by actor: String, at now: Timestamp, in tx: any WriteTransaction) throws {
        let known = try find(in: tx)
        try put(
            Instance(
                mark: newMark(), place: known?.found, confirmedAt: now, confirmedBy: actor),
            in: tx)
    }

    /// This is a copy, and stays held. What its channel was before is not touched: it holds again after `settle`.
    /// - Parameter sandboxed: its messages go to the sandbox phone meanwhile.
    /// - Returns: false when it is not held.
    package static func keep(sandboxed: Bool = false, in tx: any WriteTransaction) throws -> Bool {
        guard var known = try find(in: tx), known.hold != nil else { return false }
        known.hold?.word = sandboxed ? .sandboxedCopy : .copy
        try put(known, in: tx)
        return true
    }

    private static func newMark() -> String { RandomBytes.make(16).hex }

    private static func put(_ row: Instance, in tx: any WriteTransaction) throws {
        let hold = row.hold
        let detail: String? =
            if case .moved(let target)? = hold?.kind { target } else { hold?.difference?.rawValue }
        try tx.run(
            """
            INSERT INTO instance
                (id, mark, place, found, confirmed_at, confirmed_by, hold, hold_detail, hold_since, hold_kept)
            VALUES (1, \(row.mark), \(row.place?.stored), \(row.found?.stored), \(row.confirmedAt),
                \(row.confirmedBy), \(hold?.kind.word), \(detail), \(hold?.since), \((hold?.word ?? .none).rawValue))
            ON CONFLICT (id) DO UPDATE SET mark = excluded.mark, place = excluded.place, found = excluded.found,
                confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by, hold = excluded.hold,
                hold_detail = excluded.hold_detail, hold_since = excluded.hold_since, hold_kept = excluded.hold_kept
            """)
    }

    private static func read(_ row: Row) throws -> Instance {
        var instance = Instance(
            mark: try row.text(0), place: try row.textOrNil(1).map(InstancePlace.init(stored:)),
            found: try row.textOrNil(2).map(InstancePlace.init(stored:)), confirmedAt: try row.timeOrNil(3),
            confirmedBy: try row.textOrNil(4))
        guard let word = try row.textOrNil(5) else { return instance }
        let detail = try row.textOrNil(6)
        var hold = InstanceHold(
            kind: InstanceHold.Kind(word: word, detail: detail),
            difference: detail.flatMap(InstanceSight.Difference.init),
            since: try row.timeOrNil(7) ?? Timestamp(milliseconds: 0))
        hold.word = InstanceHold.Word(rawValue: try row.int(8)) ?? .copy
        instance.hold = hold
        return instance
    }
}

extension InstanceHold.Kind {
    package var word: String {
        switch self {
        case .copied: "copied"
        case .restored: "restored"
        case .moved: "moved"
        case .notConfirmed: "not_confirmed"
        }
    }

    /// A word that only a newer release knows holds all the same.
    fileprivate init(word: String, detail: String?) {
        self =
            switch word {
            case "copied": .copied
            case "restored": .restored
            case "moved": .moved(to: detail ?? "")
            default: .notConfirmed
            }
    }
}

extension InstanceSight {
    fileprivate var isFile: Bool { place[.path] != nil }
}

extension InstancePlace {
    /// What nobody has said this time is still so.
    fileprivate func remembering(_ former: InstancePlace?) -> InstancePlace {
        var place = self
        for fact in [Fact.name, .address] where place[fact] == nil { place[fact] = former?[fact] }
        return place
    }
}
