import Core
import Domain
import Messaging
import PluginKit
import Testing

/// A table of facts, each with the one thing that the policy must say of them.
struct PolicyTests {
    static let now = Timestamp(seconds: 1_800_000_000)

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let decision: PolicyDecision
        let facts: PolicyFacts

        init(_ name: String, _ decision: PolicyDecision, _ change: (inout PolicyFacts) -> Void) {
            testDescription = name
            self.decision = decision
            var facts = PolicyTests.sendable
            change(&facts)
            self.facts = facts
        }
    }

    /// An order message that may go: every case changes something of it.
    static let sendable = PolicyFacts(
        message: PolicyFacts.Message(
            purpose: .orders, content: MessageContent(text: "Hello", template: call), sourceKind: .order,
            requiredOrderStatus: "processing", createdAt: now, firstDueAt: now),
        person: PolicyFacts.Person(
            contact: ContactRef(id: ID(1), phone: "+12025550123"), consent: .granted,
            isSuppressed: false, quietUntil: nil, recentMarketing: [], lastInbound: nil, pausedUntil: nil),
        channel: PolicyFacts.Channel(
            abilities: ChannelAbilities(
                freeText: .always, hasTemplates: true, hasReceipts: true, messagesPerSecond: 80),
            sendingNumber: "1", isPaused: false, numberPause: nil, templatePause: nil,
            templatesAreKnown: true),
        order: PolicyFacts.OrderFact(status: "processing", isRemoved: false),
        template: PolicyFacts.TemplateFact(isApproved: true, parameterCount: 1),
        rules: PolicyFacts.Rules(
            ordersNeedConsent: true, consentWait: .minutes(10), maxAge: .hours(24), frequencyCap: nil),
        now: now)

    static let call = TemplateCall(name: "order_update", language: "en", parameters: [.init(name: "1", value: "7")])

    static let inWindowOnly = ChannelAbilities(
        freeText: .insideWindow, hasTemplates: true, hasReceipts: true, messagesPerSecond: 80)

    static let cases: [Case] = [
        Case("a granted order message goes", .send(.text("Hello"))) { _ in },
        Case("a removed order cancels", .cancel(.orderRemoved)) { $0.order?.isRemoved = true },
        Case("an unknown order cancels", .cancel(.orderRemoved)) { $0.order = nil },
        Case("another status by now cancels", .cancel(.orderStatusChanged)) { $0.order?.status = "cancelled" },
        Case("a rule without a status does not mind", .send(.text("Hello"))) {
            $0.order?.status = "cancelled"
            $0.message.requiredOrderStatus = nil
        },
        Case("at its greatest age it still goes", .send(.text("Hello"))) { $0.now = now + .hours(24) },
        Case("past its greatest age it is cancelled", .cancel(.tooLate)) {
            $0.now = now + .hours(24) + .milliseconds(1)
        },
        Case("without a greatest age it goes", .send(.text("Hello"))) {
            $0.now = now + .days(30)
            $0.rules.maxAge = nil
        },
        Case("no contact", .refuse(.noContact)) { $0.person = nil },
        Case("no phone", .refuse(.noPhone)) { $0.person?.contact.phone = nil },
        Case("a user id in place of a phone is enough", .send(.text("Hello"))) {
            $0.person?.contact.phone = nil
            $0.person?.contact.bsuid = "US.1"
        },
        Case("a suppressed person", .refuse(.doNotContact)) { $0.person?.isSuppressed = true },
        Case("a withdrawn consent", .refuse(.consentWithdrawn)) { $0.person?.consent = .withdrawn },
        Case("no consent yet waits", .wait(until: now + .minutes(10), .consentPending)) { $0.person?.consent = .none },
        Case("no consent in time", .refuse(.noConsent)) {
            $0.person?.consent = .none
            $0.now = now + .minutes(10)
        },
        Case("legitimate interest needs none", .send(.text("Hello"))) {
            $0.person?.consent = .none
            $0.rules.ordersNeedConsent = false
        },
        Case("legitimate interest does not outlive a withdrawal", .refuse(.consentWithdrawn)) {
            $0.person?.consent = .withdrawn
            $0.rules.ordersNeedConsent = false
        },
        Case("a channel that always needs consent", .refuse(.noConsent)) {
            $0.person?.consent = .none
            $0.rules.ordersNeedConsent = false
            $0.channel.abilities.alwaysNeedsConsent = true
            $0.now = now + .minutes(10)
        },
        Case("marketing without consent", .refuse(.noConsent)) {
            $0.message.purpose = .marketing
            $0.person?.consent = .none
        },
        Case("a test needs no consent", .send(.text("Hello"))) {
            $0.message.purpose = .test
            $0.message.sourceKind = .api
            $0.person?.consent = .none
        },
        Case("a pause of all sending", .wait(until: now + .minutes(5), .sendingPaused)) { $0.channel.isPaused = true },
        Case("a channel not set up", .wait(until: now + .minutes(5), .notSetUp)) { $0.channel.sendingNumber = nil },
        Case("a paused number", .wait(until: now + .hours(1), .numberPaused)) {
            $0.channel.numberPause = PolicyFacts.Pause(until: now + .hours(1))
        },
        Case("a person to go slow with", .wait(until: now + .seconds(6), .slowPerson)) {
            $0.person?.pausedUntil = now + .seconds(6)
        },
        Case("quiet hours hold marketing", .wait(until: now + .hours(3), .quietHours)) {
            $0.message.purpose = .marketing
            $0.person?.quietUntil = now + .hours(3)
        },
        Case("quiet hours do not hold orders", .send(.text("Hello"))) { $0.person?.quietUntil = now + .hours(3) },
        Case("the frequency cap holds marketing", .wait(until: now + .days(4), .frequencyCap)) {
            $0.message.purpose = .marketing
            $0.rules.frequencyCap = FrequencyCap(messages: 2, within: .days(7))
            $0.person?.recentMarketing = [now - .days(8), now - .days(3), now - .days(1)]
        },
        Case("under the frequency cap", .send(.text("Hello"))) {
            $0.message.purpose = .marketing
            $0.rules.frequencyCap = FrequencyCap(messages: 3, within: .days(7))
            $0.person?.recentMarketing = [now - .days(8), now - .days(3), now - .days(1)]
        },
        Case("a closed window takes the template", .send(.template(call))) { $0.channel.abilities = inWindowOnly },
        Case("an open window takes the text", .send(.text("Hello"))) {
            $0.channel.abilities = inWindowOnly
            $0.person?.lastInbound = now - .hours(23)
        },
        Case("a window about to close counts as closed", .send(.template(call))) {
            $0.channel.abilities = inWindowOnly
            $0.person?.lastInbound = now - .hours(24) + .minutes(5)
        },
        Case("text alone and a closed window", .refuse(.windowClosed)) {
            $0.channel.abilities = inWindowOnly
            $0.message.content.template = nil
        },
        Case("a template alone on a channel without templates", .refuse(.noText)) {
            $0.message.content.text = nil
            $0.channel.abilities.hasTemplates = false
        },
        Case("templates that nobody has fetched yet", .wait(until: now + .minutes(5), .templatesNotFetched)) {
            $0.message.content.text = nil
            $0.template = nil
            $0.channel.templatesAreKnown = false
        },
        Case("a template that is not there", .refuse(.templateMissing)) {
            $0.message.content.text = nil
            $0.template = nil
        },
        Case("a template not approved", .refuse(.templateNotApproved)) {
            $0.message.content.text = nil
            $0.template?.isApproved = false
        },
        Case("a template with other parameters", .refuse(.templateParameters)) {
            $0.message.content.text = nil
            $0.template?.parameterCount = 2
        },
        Case("a paused template", .wait(until: now + .minutes(5), .templatePaused)) {
            $0.message.content.text = nil
            $0.channel.templatePause = PolicyFacts.Pause(until: nil)
        },
    ]

    @Test(arguments: cases) func `the policy says`(_ item: Case) {
        #expect(Policy.decide(item.facts) == item.decision)
    }

    @Test func `every reason is met by a case`() {
        let met = Set(
            Self.cases.compactMap { item -> PolicyReason? in
                switch item.decision {
                case .send: nil
                case .wait(_, let reason), .refuse(let reason), .cancel(let reason): reason
                }
            })
        #expect(met == Set(PolicyReason.allCases))
    }
}
