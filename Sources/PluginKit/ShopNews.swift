package import Core

/// What a plugin learns of its shop by asking, on the road that webhooks take.
package protocol ShopNews: Sendable {
    /// Does what each thing means, in this order, some in one transaction. What cannot be read or done is shown among
    /// the deliveries, once within 8 days, and holds up nothing; what means nothing is not kept.
    /// - Throws: where the database is away; ask again later.
    func take(_ told: [ToldByShop]) throws
}

/// One thing that a shop said when it was asked.
package struct ToldByShop: Sendable {
    /// Whose reader reads it again when somebody has it replayed.
    package var endpoint: String
    /// `poll.order`.
    package var topic: String
    package var body: [UInt8]
    package var meaning: DeliveryMeaning
    /// Made before the shop was asked: what a webhook said since then is newer, although of the same second.
    package var arrival: ID

    package init(endpoint: String, topic: String, body: [UInt8], meaning: DeliveryMeaning, arrival: ID) {
        self.endpoint = endpoint
        self.topic = topic
        self.body = body
        self.meaning = meaning
        self.arrival = arrival
    }
}
