import Core
package import Domain
package import PluginKit

/// Turns something that happened to an order into the messages that the rules want sent.
package struct RulePlanner: Sendable {
    private let context: PluginContext

    package init(_ context: PluginContext) { self.context = context }

    /// Nothing for an order whose customer cannot be reached; the order's page says why. Of an order that is gone by
    /// now messages are planned all the same: the policy stops them, and the ledger says so.
    package func drafts(for event: OrderEvent, of stored: StoredOrder) throws -> [MessageDraft] {
        guard let contactID = stored.contactID else { return [] }
        let rules = context.settings[RuleSettings.rules].rules.filter {
            $0.isOn && $0.status == event.ruleStatus && $0.conditions.accept(stored.order)
        }
        guard !rules.isEmpty else { return [] }
        let writer = RuleWriter(
            context, order: stored.order, contact: try context.contacts.find(contactID), kind: event.kind)
        return try rules.compactMap { rule in
            guard let written = try writer.write(rule) else { return nil }
            return MessageDraft(
                intentKey: Self.intentKey(event.kind, of: stored.order, rule: rule), purpose: rule.purpose,
                contactID: contactID, content: written.content,
                source: MessageSource(kind: .order, id: stored.id, rule: rule.id), delay: rule.delay,
                requiredOrderStatus: Self.requiredStatus(event.kind, rule),
                notes: written.notes)
        }
    }

    /// Once per order and moment; refunds, notes and further parcels once each.
    static func intentKey(_ kind: OrderEvent.Kind, of order: Order, rule: Rule) -> String {
        let moment =
            switch kind {
            case .placed, .paid, .shipped, .status: rule.status
            case .parcel(let number): "shipped:" + number.filter { $0 != ":" && $0 != "#" }
            case .partialRefund(let refundID): "refund:\(refundID)"
            case .note(let noteID, _): "note:\(noteID)"
            }
        return "order:\(order.shop):\(order.externalID):\(moment):\(rule.id)"
    }

    /// What is said at once was true when it happened. What is said later must still be true then.
    private static func requiredStatus(_ kind: OrderEvent.Kind, _ rule: Rule) -> String? {
        guard case .status(let status) = kind, rule.delay > .zero else { return nil }
        return status
    }
}
