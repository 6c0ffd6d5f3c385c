import Core
import Database
import Domain
import PluginKit
import SQL
import Store
import Text

/// Gathers for each claimed row what the policy needs to know, in one short read: each kind of fact for all rows in
/// one statement.
struct FactsLoader: Sendable {
    private let context: MessagingContext

    init(_ context: MessagingContext) { self.context = context }

    func load(
        _ rows: [LedgerRow], channel: any Channel, number: String
    ) throws -> [(row: LedgerRow, facts: PolicyFacts)] {
        guard !rows.isEmpty else { return [] }
        let now = context.clock.now()
        let rules = self.rules
        let zones = LocalTimes(settings: context.settings, site: context.site())
        let sendingNumber = channel.sendingNumber()
        let isPaused = context.settings[MessagingSettings.paused]
        return try context.database.read { tx in
            let templatesAreKnown = try RevisionsTable.all(in: tx)[.templates] ?? 0 > 0
            let pause = try PausesTable.find(.number, "\(channel.id):\(number)", at: now, in: tx)
            let people = try people(of: rows, channel: channel.id, zones: zones, at: now, in: tx)
            let sources = rows.filter { $0.source.kind == .order }.compactMap(\.source.id)
            let orders = sources.isEmpty ? [:] : try OrdersTable.all(Set(sources), in: tx)
            let templates = try Templates(rows.compactMap(\.content.template), channel: channel.id, at: now, in: tx)
            return rows.map { row in
                let call = row.content.template
                let order = row.source.kind == .order ? row.source.id.flatMap { orders[$0] } : nil
                let facts = PolicyFacts(
                    message: PolicyFacts.Message(
                        purpose: row.purpose, content: row.content, sourceKind: row.source.kind,
                        requiredOrderStatus: row.requiredOrderStatus, createdAt: row.createdAt,
                        firstDueAt: row.firstDueAt),
                    person: people[row.id],
                    channel: PolicyFacts.Channel(
                        abilities: channel.abilities, sendingNumber: sendingNumber, isPaused: isPaused,
                        numberPause: pause.map { PolicyFacts.Pause(until: $0.until) },
                        templatePause: call.flatMap { templates.pause(of: $0) }, templatesAreKnown: templatesAreKnown),
                    order: order.map { .init(status: $0.order.status, isRemoved: $0.isRemoved) },
                    template: call.flatMap { templates.fact(of: $0) }, rules: rules, now: now)
                return (row, facts)
            }
        }
    }

    private var rules: PolicyFacts.Rules {
        let settings = context.settings
        return PolicyFacts.Rules(
            ordersNeedConsent: settings[MessagingSettings.ordersConsent] == "required",
            consentWait: settings[MessagingSettings.consentWait] ?? .zero,
            maxAge: settings[MessagingSettings.maxAge], frequencyCap: settings[MessagingSettings.frequencyCap])
    }

    /// The person of each message, by the message's id; of one whose contact is gone there is none.
    private func people(
        of rows: [LedgerRow], channel: String, zones: LocalTimes, at now: Timestamp, in tx: any ReadTransaction
    ) throws -> [ID: PolicyFacts.Person] {
        let contacts = try contacts(Set(rows.map(\.contactID)), in: tx)
        let ids = Set(contacts.values.map(\.id))
        let consents = try ConsentStatesTable.all(ofContacts: Array(ids), in: tx)
        let known = Array(contacts.values)
        let suppressed = try Suppressions(keys: context.keys).purposes(
            for: known.map { PersonKey(phone: $0.phone, bsuid: $0.bsuid) }, in: tx)
        let isSuppressed = Dictionary(zip(known.map(\.id), suppressed), uniquingKeysWith: { first, _ in first })
        let inbound = try InboundTable.lastInbound(contacts: ids, channel: channel, in: tx)
        let pauses = try PausesTable.all(.person, of: Set(ids.map(\.description)), at: now, in: tx)
        var recent: [ID: [Timestamp]] = [:]
        if let cap = context.settings[MessagingSettings.frequencyCap] {
            let capped = rows.filter { !$0.purpose.isTransactional }.compactMap { contacts[$0.contactID]?.id }
            recent = try MessagesTable.recentMarketing(to: Set(capped), since: now - cap.within, in: tx)
        }
        return rows.reduce(into: [:]) { people, row in
            guard let contact = contacts[row.contactID] else { return }
            let isMarketing = !row.purpose.isTransactional
            let never = isSuppressed[contact.id] ?? []
            people[row.id] = PolicyFacts.Person(
                contact: contact.ref, consent: consents[contact.id]?[row.purpose]?.state ?? .none,
                isSuppressed: never.contains(row.purpose) || never.contains(Suppressions.everything),
                quietUntil: isMarketing ? zones.quietUntil(zone: contact.timeZone, at: now) : nil,
                recentMarketing: isMarketing ? recent[contact.id] ?? [] : [], lastInbound: inbound[contact.id],
                pausedUntil: pauses[contact.id.description]?.until)
        }
    }

    /// Each contact, or the one that it was merged into, under the id asked for.
    private func contacts(_ ids: Set<ID>, in tx: any ReadTransaction) throws -> [ID: Contact] {
        try ContactsTable.all(ids, in: tx).compactMapValues { contact in
            contact.mergedInto == nil ? contact : try ContactsTable.find(contact.id, in: tx)
        }
    }
}

/// What is known of the templates that a batch names.
private struct Templates {
    private struct Key: Hashable {
        let name: String
        let language: String
    }

    private let facts: [Key: PolicyFacts.TemplateFact]
    private let pauses: [String: PausesTable.Pause]
    private let channel: String

    init(
        _ calls: [TemplateCall], channel: String, at now: Timestamp, in tx: any ReadTransaction
    ) throws {
        self.channel = channel
        let known = try ChannelTemplatesTable.all(named: Set(calls.map(\.name)), channel: channel, in: tx)
        facts = Dictionary(
            known.map { template in
                let fact = PolicyFacts.TemplateFact(
                    isApproved: template.status == "APPROVED", parameterCount: template.bodyParameters.count)
                return (Key(name: template.name, language: template.language), fact)
            }, uniquingKeysWith: { first, _ in first })
        let subjects = Set(calls.map { FailureConsequences.subject($0, channel: channel) })
        pauses = try PausesTable.all(.template, of: subjects, at: now, in: tx)
    }

    func fact(of call: TemplateCall) -> PolicyFacts.TemplateFact? {
        facts[Key(name: call.name, language: call.language)]
    }

    func pause(of call: TemplateCall) -> PolicyFacts.Pause? {
        pauses[FailureConsequences.subject(call, channel: channel)].map { .init(until: $0.until) }
    }
}
