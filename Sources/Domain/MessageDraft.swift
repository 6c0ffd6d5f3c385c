package import Core

/// A message that somebody wants sent: what plugins hand to the host, before the ledger knows it.
package struct MessageDraft: Sendable, Equatable {
    /// Unique for the intent: planning the same key again changes nothing.
    package var intentKey: String
    package var purpose: Purpose
    package var contactID: ID
    package var content: MessageContent
    package var source: MessageSource
    /// How long after planning it is due.
    package var delay: Timestamp.Span
    /// The order must still stand in this status when the message leaves; otherwise it is cancelled.
    package var requiredOrderStatus: String?
    /// What the maker of the draft wants remembered in the message's trail, such as a placeholder without a value.
    package var notes: [TrailNote]

    package init(
        intentKey: String, purpose: Purpose, contactID: ID, content: MessageContent, source: MessageSource,
        delay: Timestamp.Span = .zero, requiredOrderStatus: String? = nil, notes: [TrailNote] = []
    ) {
        self.intentKey = intentKey
        self.purpose = purpose
        self.contactID = contactID
        self.content = content
        self.source = source
        self.delay = delay
        self.requiredOrderStatus = requiredOrderStatus
        self.notes = notes
    }
}

/// What a message says. Text is used where free text may go (sandbox, Besked, Meta with an open window),
/// else the template.
package struct MessageContent: Sendable, Equatable {
    package var text: String?
    package var template: TemplateCall?

    package init(text: String? = nil, template: TemplateCall? = nil) {
        self.text = text
        self.template = template
    }

    /// This placeholder stays in the stored text and is filled as the bytes leave, so that no live link
    /// ever rests in the ledger.
    package static let unsubscribePlaceholder = "{unsubscribe_url}"

    /// The text as a page shows it: where the link will stand, but no live one.
    package static func shown(_ text: String, on site: Site) -> String {
        text.replacing(unsubscribePlaceholder, with: site.publicURL + "/u/…")
    }
}

/// An approved template with its parameters filled in.
package struct TemplateCall: Sendable, Equatable {
    package var name: String
    /// Meta's code: `en`, `en_US`, `pt_BR`.
    package var language: String
    /// By position (`1`, `2`) or name, in the order of the template.
    package var parameters: [Parameter]

    package struct Parameter: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(name: String, language: String, parameters: [Parameter] = []) {
        self.name = name
        self.language = language
        self.parameters = parameters
    }
}

/// What made a message.
package struct MessageSource: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case order, cart, campaign, payment, api
    }

    package var kind: Kind
    /// Our id of the order, cart, campaign or payment; for `api` the key that asked.
    package var id: ID?
    /// The rule's id, for orders and payments.
    package var rule: String?

    package init(kind: Kind, id: ID? = nil, rule: String? = nil) {
        self.kind = kind
        self.id = id
        self.rule = rule
    }
}

/// One line of a message's decision trail, as data: pages turn it into a sentence by the word `trail.<kind>`.
package struct TrailNote: Sendable, Equatable {
    package var kind: String
    package var data: [String: String]

    package init(_ kind: String, _ data: [String: String] = [:]) {
        self.kind = kind
        self.data = data
    }
}
