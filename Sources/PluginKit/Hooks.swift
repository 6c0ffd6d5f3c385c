import Core
package import Domain

/// Every hook of the host, in the order of an order's path: at least one for each arrow that a webhook and a message
/// take. `cartwright hooks` and docs/plugins.md list them.
package enum Hooks {
    package static let deliveryStored = Action<Delivery>("cartwright_delivery_stored", "a webhook was stored")
    package static let orderReceived = Filter<Order>(
        "cartwright_order_received", "an order as the shop tells it, before it is compared and stored")
    package static let deliveryRead = Action<Delivery>(
        "cartwright_delivery_read", "a webhook was understood, and what it says is done")
    package static let orderEvent = Filter<OrderHappening?>(
        "cartwright_order_event", "something happened to an order, before messages are written for it; nil writes none")
    package static let messageDraft = Filter<MessageDraft?>(
        "cartwright_message_draft", "a draft before it is planned; nil drops it")
    package static let messagePlanned = Action<MessageInfo>(
        "cartwright_message_planned", "a message entered the ledger")
    package static let orderChanged = Action<OrderHappening>(
        "cartwright_order_changed", "something happened to an order; its messages are planned")
    package static let messageDecided = Action<MessageDecision>(
        "cartwright_message_decided", "the policy was asked about a message that is due")
    package static let messageStopped = Action<MessageInfo>(
        "cartwright_message_stopped", "it will not leave: suppressed or cancelled, with its reason")
    package static let messageOutgoing = Filter<OutgoingMessage>(
        "cartwright_message_outgoing", "a message in its last form, before the channel builds its call")
    package static let messageHandedOver = Action<MessageInfo>(
        "cartwright_message_handed_over", "its bytes are about to leave")
    package static let messageStatusChanged = Action<MessageInfo>(
        "cartwright_message_status_changed", "its state changed after that, by an answer or a status")
    package static let unknownResolved = Action<MessageInfo>(
        "cartwright_unknown_resolved", "a status told what had become of a message whose state was unknown")
    package static let messageReceived = Action<InboundMessage>(
        "cartwright_message_received", "a person wrote to the shop")
    package static let preferenceChanged = Action<PreferenceChange>(
        "cartwright_preference_changed", "a person chose stop or resume in the provider's app")
    package static let consentChanged = Action<ConsentHappening>(
        "cartwright_consent_changed", "a consent or withdrawal is on record")
    package static let forgotten = Action<Forgotten>(
        "cartwright_forgotten", "people or messages were erased; who keeps copies deletes them")
    package static let settingsChanged = Action<SettingsChange>(
        "cartwright_settings_changed", "settings have other values, whoever changed them")
    package static let pluginActivated = Action<PluginChange>(
        "cartwright_plugin_activated", "a plugin was put to work, also at the start")
    package static let pluginDeactivated = Action<PluginChange>(
        "cartwright_plugin_deactivated", "a plugin was taken out of work")

    package static let all: [HookListing] = [
        deliveryStored.listing, orderReceived.listing, deliveryRead.listing, orderEvent.listing, messageDraft.listing,
        messagePlanned.listing, orderChanged.listing, messageDecided.listing, messageStopped.listing,
        messageOutgoing.listing, messageHandedOver.listing, messageStatusChanged.listing, unknownResolved.listing,
        messageReceived.listing, preferenceChanged.listing, consentChanged.listing, forgotten.listing,
        settingsChanged.listing, pluginActivated.listing, pluginDeactivated.listing,
    ]
}
