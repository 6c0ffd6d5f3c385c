import Core
import Database
import Domain
import PluginKit
import SQL
import Store
import Text

/// Gathers for each claimed row what the policy needs to know, in one short read.
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
        return try context.database.read { tx in
            let templatesAreKnown = try RevisionsTable.all(in: tx)[.templates] ?? 0 > 0
            let pause = try PausesTable.find(.number, "\(channel.id):\(number)", at: now, in: tx)
            return try rows.map { row in
                let facts = PolicyFacts(
                    message: PolicyFacts.Message(
                        purpose: row.purpose, content: row.content, sourceKind: row.source.kind,
                        requiredOrderStatus: row.requiredOrderStatus, createdAt: row.createdAt,
                        firstDueAt: row.firstDueAt),
                    person: try person(row, zones: zones, at: now, in: tx),
                    channel: PolicyFacts.Channel(
                        abilities: channel.abilities, sendingNumber: channel.sendingNumber(),
                        isPaused: context.settings[MessagingSettings.paused],
                        numberPause: pause.map { PolicyFacts.Pause(until: $0.until) },
                        templatePause: try templatePause(row, at: now, in: tx), templatesAreKnown: templatesAreKnown),
                    order: try order(row, in: tx), template: try template(row, in: tx), rules: rules, now: now)
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

    private func person(
        _ row: LedgerRow, zones: LocalTimes, at now: Timestamp, in tx: any ReadTransaction
    ) throws -> PolicyFacts.Person? {
        guard let contact = try ContactsTable.find(row.contactID, in: tx) else { return nil }
        let isMarketing = !row.purpose.isTransactional
        var recent: [Timestamp] = []
        if isMarketing, let cap = context.settings[MessagingSettings.frequencyCap] {
            recent = try MessagesTable.recentMarketing(to: contact.id, since: now - cap.within, in: tx)
        }
        return PolicyFacts.Person(
            contact: contact.ref,
            consent: try ConsentStatesTable.find(row.purpose, of: contact.id, in: tx)?.state ?? .none,
            isSuppressed: try Suppressions(keys: context.keys).isSuppressed(
                PersonKey(phone: contact.phone, bsuid: contact.bsuid), for: row.purpose, in: tx),
            quietUntil: isMarketing ? zones.quietUntil(zone: contact.timeZone, at: now) : nil,
            recentMarketing: recent,
            lastInbound: try InboundTable.lastInbound(contact: contact.id, channel: row.channel, in: tx),
            pausedUntil: try PausesTable.find(.person, contact.id.description, at: now, in: tx)?.until)
    }

    private func order(_ row: LedgerRow, in tx: any ReadTransaction) throws -> PolicyFacts.OrderFact? {
        guard row.source.kind == .order, let id = row.source.id else { return nil }
        return try OrdersTable.find(id, in: tx).map {
            PolicyFacts.OrderFact(status: $0.order.status, isRemoved: $0.isRemoved)
        }
    }

    private func template(_ row: LedgerRow, in tx: any ReadTransaction) throws -> PolicyFacts.TemplateFact? {
        guard let call = row.content.template else { return nil }
        return try ChannelTemplatesTable.find(
            channel: row.channel, name: call.name, language: call.language, in: tx
        ).map { PolicyFacts.TemplateFact(isApproved: $0.status == "APPROVED", parameterCount: $0.bodyParameters.count) }
    }

    private func templatePause(
        _ row: LedgerRow, at now: Timestamp, in tx: any ReadTransaction
    ) throws -> PolicyFacts.Pause? {
        guard let call = row.content.template else { return nil }
        let subject = FailureConsequences.subject(call, channel: row.channel)
        return try PausesTable.find(.template, subject, at: now, in: tx).map { PolicyFacts.Pause(until: $0.until) }
    }
}
