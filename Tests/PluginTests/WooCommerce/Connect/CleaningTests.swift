import Core
import Database
import HTTP
import PluginKit
import SQL
import TestSupport
import Testing
@testable import WooCommerce

/// What uninstalling takes out of the shop.
@Suite struct `Uninstalling the shop's plugin` {
    private let database: TestDatabase
    private let house: PluginContextDouble
    private static let rest = "https://shop.example/wp-json/wc/v3/"

    init() throws {
        let migrations = WooCommercePlugin().declaration.migrations
        database = try TestDatabase(
            .sqlite,
            migrating: [MigrationSeries(name: "woocommerce", tablePrefix: "woocommerce_", migrations: migrations)])
        house = try PluginContextDouble(tables: OwnTables(database: database.database))
        house.settings["woocommerce.store_url"] = "https://shop.example"
        house.settings["woocommerce.consumer_key"] = "ck_0123"
        house.settings["woocommerce.consumer_secret"] = "cs_4567"
    }

    private struct OwnTables: Tables {
        let database: Database

        func read<T>(_ body: (any ReadTransaction) throws -> T) throws -> T {
            try database.read(prefix: "woocommerce_", body)
        }

        func write<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) throws -> T {
            try database.write(prefix: "woocommerce_", body)
        }
    }

    private func remember(_ kind: Made.Kind, _ id: String, _ label: String) throws {
        let made = Made(kind: kind, externalID: id, label: label, state: "active", madeAt: house.clock.now())
        try house.context.tables.write { tx in try MadeTable.put(made, in: tx) }
    }

    private func left() throws -> [String] {
        try house.context.tables.read { tx in
            try (MadeTable.all(.webhook, in: tx) + MadeTable.all(.coupon, in: tx)).map(\.label)
        }
    }

    private func answer(_ status: Int, _ body: String = "{}") -> OutboundResponse {
        OutboundResponse(status: status, body: Array(body.utf8))
    }

    @Test func `takes webhooks and coupons away, and what is gone already counts`() throws {
        try remember(.webhook, "7", "order.created")
        try remember(.webhook, "8", "order.updated")
        try remember(.coupon, "31", "welcome10")
        house.http.expect(.delete, Self.rest + "webhooks/7?force=true", answer: answer(200))
        house.http.expect(
            .delete, Self.rest + "webhooks/8?force=true",
            answer: answer(404, #"{"code":"woocommerce_rest_shop_webhook_invalid_id","message":"Invalid ID."}"#))
        house.http.expect(.delete, Self.rest + "coupons/31?force=true", answer: answer(200))
        try WooCommercePlugin().uninstall(house.context)
        house.http.verify()
        #expect(try left().isEmpty)
    }

    @Test func `goes on after a refusal, says it, and keeps what is left for the next time`() throws {
        try remember(.webhook, "7", "order.created")
        try remember(.webhook, "8", "order.updated")
        let no = #"{"code":"woocommerce_rest_cannot_delete","message":"Sorry."}"#
        house.http.expect(.delete, Self.rest + "webhooks/7?force=true", answer: answer(400, no))
        house.http.expect(.delete, Self.rest + "webhooks/8?force=true", answer: answer(200))
        #expect(throws: ShopError.self) { try WooCommercePlugin().uninstall(house.context) }
        #expect(try left() == ["order.created"])
    }

    @Test func `asks a shop that does not answer only once`() throws {
        try remember(.webhook, "7", "order.created")
        try remember(.webhook, "8", "order.updated")
        house.http.expect(
            .delete, Self.rest + "webhooks/7?force=true", failure: HTTPClientError(.notSent, "refused", curlCode: 7))
        #expect(throws: ShopError.self) { try WooCommercePlugin().uninstall(house.context) }
        #expect(try left().count == 2)
    }

    @Test func `needs no shop where nothing was made`() throws {
        house.settings["woocommerce.store_url"] = nil
        try WooCommercePlugin().uninstall(house.context)
    }
}
