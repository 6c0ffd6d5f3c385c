package import Core
package import Domain
package import PluginKit

/// Everything that a decision rests on, gathered beforehand: the policy itself reads nothing.
package struct PolicyFacts: Sendable {
    package var message: Message
    package var person: Person?
    package var channel: Channel
    /// Nil when the message does not come from an order, or its order is gone.
    package var order: OrderFact?
    /// What is known of the template that the message names; nil when it names none or it is unknown.
    package var template: TemplateFact?
    package var rules: Rules
    package var now: Timestamp

    package struct Message: Sendable {
        package var purpose: Purpose
        package var content: MessageContent
        package var sourceKind: MessageSource.Kind
        package var requiredOrderStatus: String?
        package var createdAt: Timestamp
        package var firstDueAt: Timestamp

        package init(
            purpose: Purpose, content: MessageContent, sourceKind: MessageSource.Kind, requiredOrderStatus: String?,
            createdAt: Timestamp, firstDueAt: Timestamp
        ) {
            self.purpose = purpose
            self.content = content
            self.sourceKind = sourceKind
            self.requiredOrderStatus = requiredOrderStatus
            self.createdAt = createdAt
            self.firstDueAt = firstDueAt
        }
    }

    package struct Person: Sendable {
        package var contact: ContactRef
        package var consent: ConsentState
        /// Erased or imported "do not contact", which outlives the contact.
        package var isSuppressed: Bool
        /// Local minute of the day, and when the quiet hours that hold now end; nil outside them.
        package var quietUntil: Timestamp?
        /// When marketing-class messages were accepted within the cap's time, or left unanswered so far, the oldest first.
        package var recentMarketing: [Timestamp]
        /// When the person last wrote to us on this channel.
        package var lastInbound: Timestamp?
        /// The provider asked us to slow down with this person.
        package var pausedUntil: Timestamp?

        package init(
            contact: ContactRef, consent: ConsentState, isSuppressed: Bool,
            quietUntil: Timestamp?, recentMarketing: [Timestamp], lastInbound: Timestamp?, pausedUntil: Timestamp?
        ) {
            self.contact = contact
            self.consent = consent
            self.isSuppressed = isSuppressed
            self.quietUntil = quietUntil
            self.recentMarketing = recentMarketing
            self.lastInbound = lastInbound
            self.pausedUntil = pausedUntil
        }
    }

    package struct Channel: Sendable {
        package var abilities: ChannelAbilities
        /// Nil while the channel is not set up.
        package var sendingNumber: String?
        package var isPaused: Bool
        package var numberPause: Pause?
        package var templatePause: Pause?
        /// Whether the provider's list was ever fetched.
        package var templatesAreKnown: Bool

        package init(
            abilities: ChannelAbilities, sendingNumber: String?, isPaused: Bool, numberPause: Pause?,
            templatePause: Pause?, templatesAreKnown: Bool
        ) {
            self.abilities = abilities
            self.sendingNumber = sendingNumber
            self.isPaused = isPaused
            self.numberPause = numberPause
            self.templatePause = templatePause
            self.templatesAreKnown = templatesAreKnown
        }
    }

    package struct Pause: Sendable {
        package var until: Timestamp?

        package init(
            until: Timestamp?
        ) {
            self.until = until
        }
    }

    package struct OrderFact: Sendable {
        package var status: String
        package var isRemoved: Bool

        package init(
            status: String, isRemoved: Bool
        ) {
            self.status = status
            self.isRemoved = isRemoved
        }
    }

    package struct TemplateFact: Sendable {
        package var isApproved: Bool
        package var parameterCount: Int

        package init(
            isApproved: Bool, parameterCount: Int
        ) {
            self.isApproved = isApproved
            self.parameterCount = parameterCount
        }
    }

    /// The settings in force.
    package struct Rules: Sendable {
        package var ordersNeedConsent: Bool
        package var consentWait: Timestamp.Span
        package var maxAge: Timestamp.Span?
        package var frequencyCap: FrequencyCap?

        package init(
            ordersNeedConsent: Bool, consentWait: Timestamp.Span, maxAge: Timestamp.Span?,
            frequencyCap: FrequencyCap?
        ) {
            self.ordersNeedConsent = ordersNeedConsent
            self.consentWait = consentWait
            self.maxAge = maxAge
            self.frequencyCap = frequencyCap
        }
    }

    package init(
        message: Message, person: Person?, channel: Channel, order: OrderFact?, template: TemplateFact?, rules: Rules,
        now: Timestamp
    ) {
        self.message = message
        self.person = person
        self.channel = channel
        self.order = order
        self.template = template
        self.rules = rules
        self.now = now
    }
}
