import Core
import Domain
import SQL
import Store

/// Jobs, leases, deliveries, events, alerts.
enum WorkRaces {
    private static func alert(_ id: String) -> StoredAlert {
        StoredAlert(
            id: id, severity: "warning", word: "alert.disk", arguments: [:], href: "/admin/jobs", openedAt: Host.now)
    }

    private static func store(_ turn: RaceCase.Turn, in tx: any WriteTransaction) throws -> ID? {
        try DeliveriesTable.store(
            endpoint: "woocommerce", topic: "order.updated", headers: [], body: Array(turn.name("body").utf8),
            lane: nil,
            at: turn.now, in: tx)
    }

    static let all: [RaceCase] = [
        RaceCase("a job that is asked for is added") { turn, tx in
            try JobsTable.enqueue("test", payload: "", dedupe: turn.name("job"), due: Host.now, at: Host.now, in: tx)
        } kept: {
            [("SELECT count(*) FROM jobs", $0)]
        },
        RaceCase("a job is claimed", isBatch: true) { host, rounds, tx in
            for round in 0..<rounds {
                let due = RaceCase.turn(round, host).now
                try JobsTable.enqueue("test", payload: "", due: due, at: Host.now, in: tx)
            }
        } part: { turn, tx in
            try !JobsTable.claim(
                kinds: ["test"], owner: "\(turn.side)", lease: .hours(1), limit: 5, now: turn.now, in: tx
            ).isEmpty
        },
        RaceCase("a lease is taken") { turn, tx in
            try LeasesTable.acquire(turn.name("lease"), owner: "\(turn.side)", for: .hours(1), in: tx) != nil
        } kept: {
            [("SELECT count(*) FROM leases WHERE epoch = 1", $0)]
        },
        RaceCase("a lease that has ended goes to another, under a new epoch") { _, rounds, tx in
            for round in 0..<rounds {
                _ = try LeasesTable.acquire("lease-\(round)", owner: "dead", for: .seconds(-1), in: tx)
            }
        } part: { turn, tx in
            try LeasesTable.acquire(turn.name("lease"), owner: "\(turn.side)", for: .hours(1), in: tx) != nil
        } kept: {
            [("SELECT count(*) FROM leases WHERE epoch = 2", $0)]
        },
        RaceCase("a webhook's body is stored") { turn, tx in
            try store(turn, in: tx) != nil
        } kept: {
            [("SELECT count(*) FROM deliveries", $0), ("SELECT count(*) FROM delivery_hashes", $0)]
        },
        RaceCase("a delivery is claimed", isBatch: true) { host, rounds, tx in
            for round in 0..<rounds { _ = try store(RaceCase.turn(round, host), in: tx) }
        } part: { turn, tx in
            try !DeliveriesTable.claim(limit: 5, lease: .hours(1), now: turn.now, in: tx).isEmpty
        },
        RaceCase("an event is claimed and closed", isBatch: true) { host, rounds, tx in
            let incoming = IncomingOrder(
                .sample(at: Host.now - .days(40)), phone: .number("+12025550101"), arrival: ID.make(at: Host.now))
            let reception = OrderReception(keys: host.keys, window: .hours(24))
            guard let order = try reception.receive(incoming, at: Host.now, in: tx).order else { return }
            for round in 0..<rounds {
                let at = RaceCase.turn(round, host).now
                try EventsTable.add(
                    OrderEvent(id: ID.make(at: at), orderID: order.id, kind: .parcel(number: "\(round)"), at: at),
                    in: tx)
            }
        } part: { turn, tx in
            let claimed = try EventsTable.claim(limit: 5, lease: .hours(1), now: turn.now, in: tx)
            return try claimed.reduce(false) { try EventsTable.close($1, in: tx) || $0 }
        } kept: {
            [("SELECT count(*) FROM events WHERE state = 'done' AND tries = 1", $0)]
        },
        RaceCase("an alert is opened") { turn, tx in
            try AlertsTable.open(alert(turn.name("alert")), at: Host.now, in: tx)
        } kept: {
            [("SELECT count(*) FROM alerts", $0)]
        },
        RaceCase("an alert is closed") { _, rounds, tx in
            for round in 0..<rounds { _ = try AlertsTable.open(alert("alert-\(round)"), at: Host.now, in: tx) }
        } part: { turn, tx in
            try AlertsTable.close(turn.name("alert"), at: Host.now, in: tx)
        },
    ]
}
