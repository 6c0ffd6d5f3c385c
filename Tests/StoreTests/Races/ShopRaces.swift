import Core
import Domain
import SQL
import Store

/// Orders, products and coupons as shops tell of them.
enum ShopRaces {
    private static func receive(_ order: Order, _ turn: RaceCase.Turn, in tx: any WriteTransaction) throws
        -> OrderReceipt
    {
        let reception = OrderReception(keys: turn.host.keys, window: .hours(24))
        let incoming = IncomingOrder(order, phone: .number(turn.phone), arrival: ID.make(at: Host.now))
        return try reception.receive(incoming, at: Host.now, in: tx)
    }

    static let all: [RaceCase] = [
        RaceCase("an order's new status is an event") { host, rounds, tx in
            for round in 0..<rounds {
                let turn = RaceCase.turn(round, host)
                _ = try receive(
                    .sample(turn.name("o"), status: "on-hold", at: Host.now - .minutes(1)), turn, in: tx)
            }
        } part: { turn, tx in
            let receipt = try receive(.sample(turn.name("o"), status: "completed"), turn, in: tx)
            return receipt.events.contains { $0.kind == .status("completed") }
        } kept: {
            [("SELECT count(*) FROM events WHERE kind = 'status' AND detail = 'completed'", $0)]
        },
        RaceCase("a refund is an event") { host, rounds, tx in
            for round in 0..<rounds {
                let turn = RaceCase.turn(round, host)
                _ = try receive(.sample(turn.name("o"), at: Host.now - .minutes(1)), turn, in: tx)
            }
        } part: { turn, tx in
            let refund = Refund(externalID: "9", amount: Money(minorUnits: 1, currency: "EUR"), reason: "late")
            let receipt = try receive(.sample(turn.name("o"), refunds: [refund]), turn, in: tx)
            return receipt.events.contains { $0.kind == .partialRefund(refundID: "9") }
        },
        RaceCase("of two states of a product the newer one stays") { turn, tx in
            let product = ShopProduct(
                shop: "woocommerce", externalID: turn.name("p"), updatedAt: Host.now + .seconds(Int64(turn.side)),
                name: "\(turn.side)")
            try ProductsTable.put(product, at: Host.now, in: tx)
            return turn.side == 0
        } kept: { rounds in
            [("SELECT count(*) FROM products", rounds), ("SELECT count(*) FROM products WHERE name = '1'", rounds)]
        },
        RaceCase("of two states of a coupon the newer one stays") { turn, tx in
            let coupon = ShopCoupon(
                shop: "woocommerce", externalID: turn.name("c"), updatedAt: Host.now + .seconds(Int64(turn.side)),
                code: "code", type: "percent", amount: "\(turn.side)")
            try CouponsTable.put(coupon, at: Host.now, in: tx)
            return turn.side == 0
        } kept: { rounds in
            [("SELECT count(*) FROM coupons", rounds), ("SELECT count(*) FROM coupons WHERE amount = '1'", rounds)]
        },
    ]
}
