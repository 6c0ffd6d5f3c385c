import Core
import Domain
import HTTP
import PluginKit
import Text

/// One turn of asking the shop for what changed. Each piece is stored before the cursor moves over it, so a turn that
/// is killed goes on where it stood; what comes twice is compared and changes nothing.
struct ShopPoll: Sendable {
    let client: ShopClient
    let context: PluginContext
    let store: String

    /// - Parameter goesOn: asked, and told how far it came, after each piece.
    /// - Returns: how many changes were found; nil when it was stopped before the end.
    func turn(_ resource: PolledResource, goesOn: (String) throws -> Bool) throws -> Int? {
        let began = context.clock.now()
        let known = try context.tables.read { tx in try PollCursorTable.find(store: store, resource.path, in: tx) }
        let former = try known ?? first(resource, at: began)
        var cursor = former
        let found =
            switch resource.order {
            case .modified: try changes(of: resource, &cursor, goesOn)
            case .registered: try arrivals(of: resource, &cursor, goesOn)
            }
        guard let found else { return nil }
        cursor.finish(turnBegan: began, from: former)
        try save(cursor, resource)
        return found
    }

    private func first(_ resource: PolledResource, at now: Timestamp) throws -> PollCursor {
        let window = context.settings[WooCommerceSettings.firstSightWindow] ?? .zero
        let since = resource.isReadWhole ? Timestamp(seconds: 0) : (now - window).wholeSecond
        context.log.info(
            "woocommerce.poll begins",
            ["resource": .text(resource.path), "since": .text(since.rfc3339)])
        let cursor = PollCursor(since: since, time: since, movedAt: now, stage: .walking)
        try save(cursor, resource)
        return cursor
    }

    private func changes(
        of resource: PolledResource, _ cursor: inout PollCursor, _ goesOn: (String) throws -> Bool
    ) throws -> Int? {
        let walk = PollWalk(client: client, resource: resource, clock: context.clock)
        let former = cursor.time
        var after = cursor.start
        var found = 0
        while true {
            let piece = try walk.piece(after: after)
            try store(piece, of: resource)
            found += piece.rows.count { row in resource.time(of: row).map { $0 > former } ?? false }
            if let upTo = piece.upTo {
                after = max(after, upTo)
                cursor.move(to: upTo, at: context.clock.now())
                try save(cursor, resource)
            }
            if piece.isLast { return found }
            guard try goesOn("\(resource.path) \(cursor.time.rfc3339)") else { return nil }
        }
    }

    /// Down to what is known; the cursor moves at the end alone, for the newest come first.
    private func arrivals(
        of resource: PolledResource, _ cursor: inout PollCursor, _ goesOn: (String) throws -> Bool
    ) throws -> Int? {
        let walk = PollWalk(client: client, resource: resource, clock: context.clock)
        let (former, start) = (cursor.time, cursor.start)
        var newest: Timestamp?
        var found = 0
        for page in 1... {
            var piece = try walk.newest(page: page)
            newest = newest ?? piece.upTo
            let count = piece.rows.count
            piece.rows = piece.rows.filter { row in resource.time(of: row).map { $0 > start } ?? true }
            try store(piece, of: resource)
            found += piece.rows.count { row in resource.time(of: row).map { $0 > former } ?? false }
            if piece.isLast || piece.rows.count < count { break }
            guard try goesOn("\(resource.path) page \(page)") else { return nil }
        }
        if let newest { cursor.move(to: newest, at: context.clock.now()) }
        return found
    }

    private func store(_ piece: PollPiece, of resource: PolledResource) throws {
        let currency = context.site().currency
        try context.news.take(
            piece.rows.map { resource.told($0, currency: currency, arrival: piece.arrival) })
        guard resource.path == PolledResource.orders.path else { return }
        let orders = piece.rows.compactMap(WatchedOrder.init)
        let now = context.clock.now()
        try context.tables.write { [store] tx in
            for order in orders { try WatchTable.saw(order, store: store, at: now, in: tx) }
        }
    }

    private func save(_ cursor: PollCursor, _ resource: PolledResource) throws {
        try context.tables.write { [store] tx in
            try PollCursorTable.put(cursor, store: store, resource.path, in: tx)
        }
    }
}
