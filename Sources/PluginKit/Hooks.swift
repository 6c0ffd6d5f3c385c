package import Core
package import Domain

/// A point where plugins may change a value before it is used.
package struct Filter<Value: Sendable>: Sendable {
    /// For logs, docs and outside plugins (`cartwright_message_draft`).
    package let id: String

    package init(_ id: String) { self.id = id }

    /// Lower priorities run first, then in the order of registration. A filter that throws leaves the value as it was.
    package func use(
        priority: Int = 10, _ change: @escaping @Sendable (Value) throws -> Value
    ) -> HookRegistration {
        HookRegistration(hook: id, priority: priority) { value in
            guard let typed = value as? Value else { throw HookTypeMismatch(hook: id) }
            return try change(typed)
        }
    }
}

/// A point where plugins learn of something that has happened.
package struct Action<Event: Sendable>: Sendable {
    package let id: String

    package init(_ id: String) { self.id = id }

    /// An action that throws is logged and does not stop the others.
    package func on(
        priority: Int = 10, _ react: @escaping @Sendable (Event) throws -> Void
    ) -> HookRegistration {
        HookRegistration(hook: id, priority: priority) { event in
            guard let typed = event as? Event else { throw HookTypeMismatch(hook: id) }
            try react(typed)
            return event
        }
    }
}

/// One plugin's hold on one hook.
package struct HookRegistration: Sendable {
    package let hook: String
    package let priority: Int
    package let run: @Sendable (any Sendable) throws -> any Sendable
}

/// Two hooks were given the same id with different types: a mistake of the program.
package struct HookTypeMismatch: Error, Sendable {
    package let hook: String
}

/// What one plugin's filter did to a value, kept in the message's trail.
package struct HookTrace: Sendable, Equatable {
    package var plugin: String
    package var hook: String
    package var changed: Bool
    package var microseconds: Int64
    package var failed: Bool

    package init(plugin: String, hook: String, changed: Bool, microseconds: Int64, failed: Bool) {
        self.plugin = plugin
        self.hook = hook
        self.changed = changed
        self.microseconds = microseconds
        self.failed = failed
    }
}

/// Runs hooks; the layers below the composition know only this.
package protocol HookRunner: Sendable {
    func apply<Value: Sendable & Equatable>(_ filter: Filter<Value>, to value: Value) -> (
        value: Value, trace: [HookTrace]
    )
    func fire<Event: Sendable>(_ action: Action<Event>, _ event: Event)
}

/// A message as hooks see it.
package struct MessageInfo: Sendable, Equatable {
    package var id: ID
    package var intentKey: String
    package var purpose: Purpose
    package var contactID: ID
    package var channel: String
    package var status: MessageStatus
    package var reason: String?
    package var source: MessageSource

    package init(
        id: ID, intentKey: String, purpose: Purpose, contactID: ID, channel: String, status: MessageStatus,
        reason: String?, source: MessageSource
    ) {
        self.id = id
        self.intentKey = intentKey
        self.purpose = purpose
        self.contactID = contactID
        self.channel = channel
        self.status = status
        self.reason = reason
        self.source = source
    }
}

/// Something that happened to an order, with the order as it stands.
package struct OrderHappening: Sendable {
    package var event: OrderEvent
    package var order: StoredOrder

    package init(event: OrderEvent, order: StoredOrder) {
        self.event = event
        self.order = order
    }
}

/// A consent or withdrawal, after it is on record.
package struct ConsentHappening: Sendable {
    package var contactID: ID
    package var statement: ConsentStatement

    package init(contactID: ID, statement: ConsentStatement) {
        self.contactID = contactID
        self.statement = statement
    }
}

/// What the host has forgotten for good: a plugin that keeps copies deletes them.
package struct Forgotten: Sendable, Equatable {
    package var people: [ContactRef]
    package var messages: [ID]

    package init(people: [ContactRef], messages: [ID]) {
        self.people = people
        self.messages = messages
    }
}

/// Every hook of the host, in the order of an order's path: `cartwright hooks` and the docs list it.
package enum Hooks {
    /// A webhook was stored.
    package static let deliveryStored = Action<Delivery>("cartwright_delivery_stored")
    /// An order as the shop tells it, before it is compared and stored.
    package static let orderReceived = Filter<Order>("cartwright_order_received")
    /// Something happened to an order; after its messages were planned.
    package static let orderChanged = Action<OrderHappening>("cartwright_order_changed")
    /// A draft before it is planned; nil drops it.
    package static let messageDraft = Filter<MessageDraft?>("cartwright_message_draft")
    /// A message entered the ledger.
    package static let messagePlanned = Action<MessageInfo>("cartwright_message_planned")
    /// A message in its last form, before the channel builds its call.
    package static let messageOutgoing = Filter<OutgoingMessage>("cartwright_message_outgoing")
    /// The bytes of a message are about to leave.
    package static let messageHandedOver = Action<MessageInfo>("cartwright_message_handed_over")
    /// A message's state changed after hand-over, by an answer or a status.
    package static let messageStatusChanged = Action<MessageInfo>("cartwright_message_status_changed")
    /// A message will not leave: suppressed or cancelled, with its reason.
    package static let messageStopped = Action<MessageInfo>("cartwright_message_stopped")
    /// A person wrote to the shop.
    package static let messageReceived = Action<InboundMessage>("cartwright_message_received")
    /// A person chose stop or resume in the provider's app.
    package static let preferenceChanged = Action<PreferenceChange>("cartwright_preference_changed")
    /// A consent or withdrawal was put on record.
    package static let consentChanged = Action<ConsentHappening>("cartwright_consent_changed")
    /// People or messages were erased.
    package static let forgotten = Action<Forgotten>("cartwright_forgotten")

    package static let ids: [String] = [
        deliveryStored.id, orderReceived.id, orderChanged.id, messageDraft.id, messagePlanned.id, messageOutgoing.id,
        messageHandedOver.id, messageStatusChanged.id, messageStopped.id, messageReceived.id, preferenceChanged.id,
        consentChanged.id, forgotten.id,
    ]
}
