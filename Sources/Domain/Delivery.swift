package import Core

/// A webhook as it came in: on disk before its sender hears 200, worked afterwards.
package struct Delivery: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        /// Waits for its turn.
        case waiting
        case worked
        /// Understood, and nothing to do; or a topic that nobody works yet.
        case kept
        /// Validly signed, but not what the topic promises. Shown, and may be replayed.
        case unreadable
    }

    package var id: ID
    /// Which endpoint took it: `woocommerce`, `meta`.
    package var endpoint: String
    /// The sender's topic: `order.updated`, `messages`.
    package var topic: String
    package var receivedAt: Timestamp
    package var body: [UInt8]
    /// Deliveries with the same lane are worked one at a time, in order of arrival (`order:37`).
    package var lane: String?
    package var state: State
    /// What came of it, or why it could not be read: an id of the catalogue (`delivery.not_an_order`) with detail.
    package var note: String?

    package init(
        id: ID, endpoint: String, topic: String, receivedAt: Timestamp, body: [UInt8], lane: String?,
        state: State = .waiting, note: String? = nil
    ) {
        self.id = id
        self.endpoint = endpoint
        self.topic = topic
        self.receivedAt = receivedAt
        self.body = body
        self.lane = lane
        self.state = state
        self.note = note
    }
}
