import Core
import HTTP
import Text

/// A piece of what changed in the shop.
struct PollPiece: Sendable {
    var rows: [JSON]
    /// Up to where all is known once these rows are stored; nil where they do not move it.
    var upTo: Timestamp?
    var isLast: Bool
    /// Made before the shop was asked.
    var arrival: ID
}

/// Walks over what changed, oldest first, by the time of change and not by page numbers: rows that change during the
/// walk move to its end, and pages would skip others. Only the rows of one second are read by pages.
struct PollWalk: Sendable {
    /// WooCommerce's own limit.
    private static let size = 100

    let client: ShopClient
    let resource: PolledResource
    let clock: any Clock

    /// What changed later than `after`, which is cut to a whole second as the shop's times are.
    func piece(after: Timestamp) throws(ShopError) -> PollPiece {
        let after = after.wholeSecond
        let arrival = ID.make(at: clock.now())
        let rows = try ask(after: after, [("orderby", "modified"), ("order", "asc")]).rows
        let last = rows.compactMap(resource.time).max()
        guard rows.count >= Self.size else { return PollPiece(rows: rows, upTo: last, isLast: true, arrival: arrival) }
        guard let last, last > after else {
            throw ShopError(
                .unreadable, host: "",
                detail: "it does not sort by the time of change, as WooCommerce does since version 5.8")
        }
        // The last second may have more rows than are here.
        let before = last - .seconds(1)
        if before > after {
            let whole = rows.filter { row in resource.time(of: row).map { $0 <= before } ?? true }
            return PollPiece(rows: whole, upTo: before, isLast: false, arrival: arrival)
        }
        let (whole, isSteady) = try all(of: last)
        // Of a second that never holds still some rows may be missing: it is walked again at the next turn.
        return PollPiece(rows: whole, upTo: isSteady ? last : nil, isLast: !isSteady, arrival: arrival)
    }

    /// Every row of one second, by pages in the order of ids. A row that changes meanwhile leaves the second and
    /// moves the others up: then it is read once more.
    private func all(of second: Timestamp) throws(ShopError) -> (rows: [JSON], isSteady: Bool) {
        let bounds: ShopClient.Query = [
            ("modified_before", Self.text(second + .seconds(1))), ("orderby", "id"), ("order", "asc"),
        ]
        var rows: [JSON] = []
        for _ in 1...3 {
            rows = []
            var total: Int?
            var isSteady = true
            for number in 1... {
                let page = try ask(after: second - .seconds(1), bounds + [("page", String(number))])
                rows += page.rows
                isSteady = isSteady && (total == nil || total == page.total)
                total = page.total
                if page.rows.count < Self.size || !isSteady { break }
            }
            if isSteady { return (rows, true) }
        }
        return (rows, false)
    }

    /// The newest first, one page.
    func newest(page: Int) throws(ShopError) -> PollPiece {
        let arrival = ID.make(at: clock.now())
        let answer = try client.get(
            resource.path,
            query: [
                ("orderby", "registered_date"), ("order", "desc"), ("per_page", String(Self.size)),
                ("page", String(page)),
            ])
        let rows = try Self.rows(answer)
        return PollPiece(
            rows: rows, upTo: rows.compactMap(resource.time).max(), isLast: rows.count < Self.size, arrival: arrival)
    }

    private func ask(
        after: Timestamp, _ more: ShopClient.Query
    ) throws(ShopError) -> (rows: [JSON], total: Int?) {
        let answer = try client.get(
            resource.path,
            query: [
                ("modified_after", Self.text(after)), ("dates_are_gmt", "true"), ("per_page", String(Self.size)),
            ] + more)
        return (try Self.rows(answer), answer.total)
    }

    private static func rows(_ answer: ShopAnswer) throws(ShopError) -> [JSON] {
        guard let rows = answer.json.array else {
            throw ShopError(.unreadable, host: "", detail: "expected a list")
        }
        return rows
    }

    private static func text(_ time: Timestamp) -> String { String(time.rfc3339.prefix(19)) }
}

extension Timestamp {
    var wholeSecond: Timestamp { Timestamp(milliseconds: milliseconds - milliseconds % 1000) }
}
