import Core
import Crypto
import Domain
import PluginKit

/// The bond with the shop: its keys, what is known of it, and our webhooks in it.
struct ShopConnection: Sendable {
    static let setUpJob = "woocommerce.setup"
    static let keysAlert = "woocommerce.keys"
    static let webhooksAlert = "woocommerce.webhooks"

    let context: PluginContext
    let client: ShopClient
    let webhooks: Webhooks

    init(_ context: PluginContext, client: ShopClient) {
        self.context = context
        self.client = client
        webhooks = Webhooks(client: client, tables: context.tables, clock: context.clock)
    }

    /// Whether address and keys are there; whether they work is for the shop to say.
    var hasKeys: Bool { (try? ShopAccess(context.settings)) != nil }

    var reach: HookReach {
        HookReach(publicURL: context.site().publicURL, shop: try? ShopAccess.address(context.settings))
    }

    var deliveryURL: String { context.site().publicURL + Webhooks.path }

    /// Reads what the shop says of itself, takes over what nobody has set yet, and puts the webhooks right.
    ///
    /// - Parameters:
    ///   - actor: under whose name settings are changed.
    ///   - evenWithObstacle: installs webhooks although WordPress should refuse to call us.
    /// - Throws: `ShopError`, which is then also the trouble on record.
    func setUp(by actor: String, evenWithObstacle: Bool = false) throws {
        let store = try client.address().text
        do {
            let facts = try ShopFacts.read(client)
            try note(store: store) { $0.facts = facts }
            takeOver(facts, store: store, by: actor)
            let isInstalled = try context.tables.read { tx in try !MadeTable.all(.webhook, in: tx).isEmpty }
            if evenWithObstacle || isInstalled || reach.obstacle == nil { try installWebhooks(by: actor) }
        } catch let error as ShopError {
            try note(store: store) { $0.trouble = Trouble(error.word) }
            throw error
        }
        try note(store: store) { $0.trouble = nil }
        context.alerts.close(Self.keysAlert)
        context.alerts.close(Self.webhooksAlert)
    }

    /// Keys that could read until now and are refused here may only read.
    private func installWebhooks(by actor: String) throws {
        let secret = try webhookSecret(by: actor)
        do {
            _ = try webhooks.reconcile(deliveryURL: deliveryURL, secret: secret, isThorough: true)
        } catch let error as ShopError {
            switch error.kind {
            case .refusedKeys, .forbidden:
                throw ShopError(.readOnlyKeys, host: error.host, detail: "the keys may only read")
            default: throw error
            }
        }
    }

    /// Asks the shop to call us.
    func ping(by actor: String) throws {
        let store = try client.address().text
        let asked = context.clock.now()
        let webhook = try webhooks.ping(deliveryURL: deliveryURL, secret: try webhookSecret(by: actor))
        try note(store: store) { record in
            record.pingedBy = webhook
            record.pingAskedAt = asked
        }
    }

    /// Takes the webhooks out of the shop and forgets it. A shop that cannot be reached is forgotten all the same.
    /// - Returns: why the webhooks may still stand in the shop.
    func disconnect(by actor: String) throws -> ShopError? {
        var failure: ShopError?
        do {
            try webhooks.removeAll()
        } catch let error as ShopError {
            failure = error
        }
        let settings = [
            WooCommerceSettings.storeURL.key, WooCommerceSettings.consumerKey.key,
            WooCommerceSettings.consumerSecret.key, WooCommerceSettings.webhookSecret.key,
        ]
        try context.settingsWriter.change(settings.reduce(into: [:]) { $0[$1] = "" }, by: actor)
        try context.tables.write { tx in
            try ShopRecord.remove(in: tx)
            try HeardTable.removeAll(in: tx)
            try InvitationsTable.removeAll(in: tx)
            for made in try MadeTable.all(.webhook, in: tx) {
                try MadeTable.remove(.webhook, made.externalID, in: tx)
            }
        }
        context.alerts.close(Self.keysAlert)
        context.alerts.close(Self.webhooksAlert)
        return failure
    }

    /// Ours; made where there is none, of letters and digits only: WooCommerce decodes HTML entities in it.
    func webhookSecret(by actor: String) throws -> Secret {
        if let secret = context.settings[WooCommerceSettings.webhookSecret], !secret.isEmpty { return secret }
        let made = RandomBytes.make(32).hex
        try context.settingsWriter.change([WooCommerceSettings.webhookSecret.key: made], by: actor)
        return Secret(made)
    }

    /// What is on record of the shop that settings name.
    func record() throws -> ShopRecord? {
        guard let store = try? client.address().text else { return nil }
        return try context.tables.read { tx in try ShopRecord.find(store: store, in: tx) }
    }

    func note(store: String, _ change: @escaping @Sendable (inout ShopRecord) -> Void) throws {
        let now = context.clock.now()
        try context.tables.write { tx in
            var record =
                try ShopRecord.find(store: store, in: tx)
                ?? ShopRecord(store: store, facts: ShopFacts(), lookedAt: now)
            record.lookedAt = now
            change(&record)
            try record.put(in: tx)
        }
    }

    /// One by one: a shop may call itself something that a setting does not take.
    private func takeOver(_ facts: ShopFacts, store: String, by actor: String) {
        for (key, value) in SiteOffer(facts, store: store).values where !context.settings.isStored(key) {
            change(key, to: value, by: actor)
        }
    }

    /// Also what somebody has set.
    func takeOverDifferences(by actor: String) throws {
        guard let record = try record() else { return }
        for difference in SiteOffer(record.facts, store: record.store).differences(from: context.site()) {
            change(difference.key, to: difference.theirs, by: actor)
        }
    }

    private func change(_ key: String, to value: String, by actor: String) {
        do {
            try context.settingsWriter.change([key: value], by: actor)
        } catch {
            context.log.warning("woocommerce.take_over", ["key": .init(key)])
        }
    }
}
