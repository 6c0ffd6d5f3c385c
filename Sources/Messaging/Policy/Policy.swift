package import Core
import Domain
package import PluginKit

/// Why a message waits or will not go. Each has words in the catalogue under its raw value, and a test.
package enum PolicyReason: String, Sendable, CaseIterable {
    // It will not go.
    case noContact = "reason.no_contact"
    case noPhone = "reason.no_phone"
    case noConsent = "reason.no_consent"
    case consentWithdrawn = "reason.consent_withdrawn"
    case doNotContact = "reason.do_not_contact"
    case windowClosed = "reason.window_closed"
    case noText = "reason.no_text"
    case templateMissing = "reason.template_missing"
    case templateNotApproved = "reason.template_not_approved"
    case templateParameters = "reason.template_parameters"
    // It is no longer wanted.
    case tooLate = "reason.too_late"
    case orderStatusChanged = "reason.order_status_changed"
    case orderRemoved = "reason.order_removed"
    // It waits.
    case consentPending = "reason.consent_pending"
    case sendingPaused = "reason.sending_paused"
    case notSetUp = "reason.not_set_up"
    case numberPaused = "reason.number_paused"
    case templatePaused = "reason.template_paused"
    case templatesNotFetched = "reason.templates_not_fetched"
    case quietHours = "reason.quiet_hours"
    case frequencyCap = "reason.frequency_cap"
    case slowPerson = "reason.slow_person"
}

package enum PolicyDecision: Sendable, Equatable {
    case send(OutgoingMessage.Body)
    /// Asked again at `until`, or earlier when what it waits for changes.
    case wait(until: Timestamp, PolicyReason)
    /// Suppressed: what it would need is missing.
    case refuse(PolicyReason)
    /// Cancelled: its source no longer wants it, or its time is over.
    case cancel(PolicyReason)
}

/// The one place that says whether a message may leave, now. The code that counts an audience before sending is the
/// code that refuses at the very send.
package enum Policy {
    /// How long before its end a 24-hour window counts as closed: Meta is the judge of the exact second.
    static let windowMargin = Timestamp.Span.minutes(5)
    /// How soon to ask again where nothing says when the obstacle ends; its lifting wakes the message earlier.
    static let askAgain = Timestamp.Span.minutes(5)

    package static func decide(_ facts: PolicyFacts) -> PolicyDecision {
        outdated(facts) ?? unreachable(facts) ?? unwilling(facts) ?? held(facts) ?? untimely(facts) ?? body(facts)
    }

    private static func outdated(_ facts: PolicyFacts) -> PolicyDecision? {
        let message = facts.message
        if message.sourceKind == .order {
            guard let order = facts.order, !order.isRemoved else { return .cancel(.orderRemoved) }
            if let required = message.requiredOrderStatus, required != order.status {
                return .cancel(.orderStatusChanged)
            }
        }
        let ages = message.purpose == .orders || message.purpose == .payments || message.purpose == .carts
        if ages, let maxAge = facts.rules.maxAge, facts.now > message.firstDueAt + maxAge { return .cancel(.tooLate) }
        return nil
    }

    private static func unreachable(_ facts: PolicyFacts) -> PolicyDecision? {
        guard let person = facts.person else { return .refuse(.noContact) }
        return person.contact.phone == nil && person.contact.bsuid == nil ? .refuse(.noPhone) : nil
    }

    private static func unwilling(_ facts: PolicyFacts) -> PolicyDecision? {
        guard let person = facts.person else { return .refuse(.noContact) }
        let purpose = facts.message.purpose
        if person.isSuppressed { return .refuse(.doNotContact) }
        switch person.consent {
        case .granted: return nil
        case .withdrawn: return purpose == .test ? nil : .refuse(.consentWithdrawn)
        case .none: break
        }
        if facts.channel.abilities.alwaysNeedsConsent {
            return purpose.isTransactional && purpose != .test ? pendingConsent(facts) : .refuse(.noConsent)
        }
        if purpose == .test { return nil }
        guard purpose.isTransactional else { return .refuse(.noConsent) }
        return facts.rules.ordersNeedConsent ? pendingConsent(facts) : nil
    }

    /// A consent may come a little after its order; when the wait is over the answer is final.
    private static func pendingConsent(_ facts: PolicyFacts) -> PolicyDecision {
        let end = facts.message.createdAt + facts.rules.consentWait
        return facts.now < end ? .wait(until: end, .consentPending) : .refuse(.noConsent)
    }

    private static func held(_ facts: PolicyFacts) -> PolicyDecision? {
        let later = facts.now + askAgain
        if facts.channel.isPaused { return .wait(until: later, .sendingPaused) }
        if facts.channel.sendingNumber == nil { return .wait(until: later, .notSetUp) }
        if let pause = facts.channel.numberPause { return .wait(until: pause.until ?? later, .numberPaused) }
        if let until = facts.person?.pausedUntil, until > facts.now { return .wait(until: until, .slowPerson) }
        return nil
    }

    /// Quiet hours and the frequency cap, which only marketing-class messages know.
    private static func untimely(_ facts: PolicyFacts) -> PolicyDecision? {
        guard !facts.message.purpose.isTransactional, let person = facts.person else { return nil }
        if let end = person.quietUntil { return .wait(until: end, .quietHours) }
        if let cap = facts.rules.frequencyCap {
            let recent = person.recentMarketing.filter { $0 > facts.now - cap.within }
            // The message may go when so many have aged that it is within the cap again.
            if recent.count >= cap.messages {
                return .wait(until: recent[recent.count - cap.messages] + cap.within, .frequencyCap)
            }
        }
        return nil
    }

    /// Text where free text may go, else the template.
    private static func body(_ facts: PolicyFacts) -> PolicyDecision {
        let abilities = facts.channel.abilities
        let textMayGo: Bool
        switch abilities.freeText {
        case .always: textMayGo = true
        case .insideWindow: textMayGo = windowIsOpen(lastInbound: facts.person?.lastInbound, at: facts.now)
        }
        if textMayGo, let text = facts.message.content.text { return .send(.text(text)) }
        guard let call = facts.message.content.template, abilities.hasTemplates else {
            return .refuse(facts.message.content.text == nil ? .noText : .windowClosed)
        }
        guard let template = facts.template else {
            // Before the first look at the provider's list nobody can say that it is missing.
            return facts.channel.templatesAreKnown
                ? .refuse(.templateMissing) : .wait(until: facts.now + askAgain, .templatesNotFetched)
        }
        if let pause = facts.channel.templatePause {
            return .wait(until: pause.until ?? facts.now + askAgain, .templatePaused)
        }
        guard template.isApproved else { return .refuse(.templateNotApproved) }
        guard template.parameterCount == call.parameters.count else { return .refuse(.templateParameters) }
        return .send(.template(call))
    }

    /// Whether free text may still go: within 24 hours of the person's last message, less a margin.
    package static func windowIsOpen(lastInbound: Timestamp?, at now: Timestamp) -> Bool {
        guard let lastInbound else { return false }
        return now < lastInbound + .hours(24) - windowMargin
    }
}
