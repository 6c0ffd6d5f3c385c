package import Core
package import Domain

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
package struct OrderHappening: Sendable, Equatable {
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

/// What the policy said of a message that is due.
package struct MessageDecision: Sendable, Equatable {
    package enum Verdict: String, Sendable {
        case send, wait, refuse, cancel
    }

    package var message: MessageInfo
    package var verdict: Verdict
    /// The id of the reason, for all but `send`.
    package var reason: String?
    /// When it is asked again, for `wait`.
    package var until: Timestamp?

    package init(message: MessageInfo, verdict: Verdict, reason: String? = nil, until: Timestamp? = nil) {
        self.message = message
        self.verdict = verdict
        self.reason = reason
        self.until = until
    }
}

/// The keys of the settings that have other values now.
package struct SettingsChange: Sendable, Equatable {
    package var keys: Set<String>

    package init(keys: Set<String>) { self.keys = keys }
}

/// A plugin that came or went.
package struct PluginChange: Sendable, Equatable {
    package var id: String
    package var version: String

    package init(id: String, version: String) {
        self.id = id
        self.version = version
    }
}
