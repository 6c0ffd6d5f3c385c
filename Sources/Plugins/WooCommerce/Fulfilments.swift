import Core
import Domain
import PluginKit
import Text

/// WooCommerce's own fulfilments (10.2 and later, where the shop has them on): the order says only how far they are,
/// so the parcels are asked for, whenever an order comes that has some.
struct Fulfilments: Sendable {
    static let kind = "woocommerce.fulfilments"
    /// What changes at once, such as several parcels in a row, is asked for once.
    private static let delay = Timestamp.Span.seconds(5)

    private let context: PluginContext
    private let client: ShopClient

    init(_ context: PluginContext, client: ShopClient) {
        self.context = context
        self.client = client
    }

    /// Sees every order on its way in, by whichever road, and changes none.
    var watch: HookRegistration {
        Hooks.orderReceived.use(priority: 100) { [context] order in
            let mayAsk = context.settings[WooCommerceSettings.consumerKey]?.isEmpty == false
            if order.shop == ShopDelivery.shop, order.keepsParcels, mayAsk {
                try context.jobs.enqueue(
                    Self.kind, payload: order.externalID, dedupe: "\(Self.kind):\(order.externalID)",
                    delay: Self.delay)
            }
            return order
        }
    }

    /// Asks for one order's parcels; its payload is the shop's id of the order.
    var job: JobDeclaration { JobDeclaration(kind: Self.kind, every: nil) { run in try ask(for: run.payload) } }

    private func ask(for order: String) throws {
        let answer: ShopAnswer
        do throws(ShopError) {
            answer = try client.get("orders/\(order)/fulfillments")
        } catch {
            guard error.isPassing else { throw JobFailure(.never, message: error.description) }
            throw error
        }
        let parcels = Self.parcels(answer.json)
        if parcels.isEmpty { return }
        var body = JSONWriter()
        body.value(answer.json)
        let told = DeliveryEffect.parcels(
            shop: ShopDelivery.shop, externalID: order, numbers: parcels.numbers, url: parcels.url)
        try context.news.take([
            ToldByShop(
                endpoint: ShopWebhook.endpoint, topic: "poll.fulfilments", body: body.bytes,
                meaning: .effects([told]), arrival: ID.make(at: context.clock.now()))
        ])
    }

    /// What is packed and not shipped yet, or was taken back, is no parcel.
    static func parcels(_ json: JSON) -> Parcels {
        var parcels = Parcels()
        // A list; some releases wrap it.
        for fulfilment in json.array ?? json["fulfillments"].array ?? [] {
            guard fulfilment["is_fulfilled"].bool == true, fulfilment["date_deleted"].string == nil else { continue }
            var meta: [String: JSON] = [:]
            for entry in fulfilment["meta_data"].array ?? [] {
                if let key = entry["key"].string { meta[key] = entry["value"] }
            }
            parcels.add(number: meta["_tracking_number"]?.shopText, url: meta["_tracking_url"]?.shopText)
        }
        return parcels
    }
}
