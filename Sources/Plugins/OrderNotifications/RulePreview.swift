import Core
import Domain
import PluginKit
import Templating

/// A rule as the phone of one customer would show it: of a chosen real order, or where there is none yet of a made-up
/// one.
struct RulePreview: Sendable {
    let order: StoredOrder
    let isSample: Bool
    let site: Site
    let now: Timestamp
    private let context: PluginContext
    private let words: any TemplateWords

    /// - Parameter id: our id of the order; the latest where it names none.
    init(_ context: PluginContext, order id: String) throws {
        self.context = context
        site = context.site()
        now = context.clock.now()
        words = context.pages.words(locale: site.locale)
        let chosen = try ID(id).flatMap { try context.orders.find($0) }
        let real = try chosen ?? context.orders.recent(limit: 1).first
        isSample = real == nil
        order = real ?? Self.sample(site, words, now: now)
    }

    func written(_ rule: Rule) throws -> RuleWriter.Written? { try writer(rule).write(rule) }

    /// What arrives; empty while the text cannot be filled. Free text where there is any, else the template's.
    func text(_ rule: Rule) -> String {
        guard let written = try? written(rule) else { return "" }
        let text = written.content.text ?? written.content.template.map(templateText) ?? ""
        return MessageContent.shown(text, on: site)
    }

    /// What each placeholder stands for here.
    func values(_ rule: Rule) -> [String: String] {
        let all = PlaceholderValues(
            order: order.order, contact: contact, kind: kind(rule), site: site, words: customerWords)
        var values = all.filled(items: all.items.fitted(.lines, room: Rule.textMaximum).text)
        values["unsubscribe_url"] = site.publicURL + "/u/…"
        return values
    }

    var note: Word {
        let person = [order.order.customer.firstName, order.order.customer.lastName].filter { !$0.isEmpty }
        return isSample
            ? Word("preview.sample")
            : Word(
                "preview.shown_as",
                ["number": .text(order.order.number), "person": .text(person.joined(separator: " "))])
    }

    private var contact: ContactRef? { order.contactID.flatMap { try? context.contacts.find($0) } }

    private var customerWords: any TemplateWords {
        context.pages.words(locale: order.order.locale ?? contact?.locale ?? site.locale)
    }

    private func writer(_ rule: Rule) -> RuleWriter {
        RuleWriter(context, order: order.order, contact: contact, kind: kind(rule))
    }

    /// The moment that the rule waits for, as if it had just happened to this order.
    private func kind(_ rule: Rule) -> OrderEvent.Kind {
        switch rule.status {
        case "placed": .placed
        case "paid": .paid
        case "shipped": .shipped
        case "partial_refund": .partialRefund(refundID: order.order.refunds.first?.externalID ?? "")
        case "customer_note": .note(noteID: "", text: words.text("rule.sample_note", [:]))
        default: .status(rule.status)
        }
    }

    private func templateText(_ call: TemplateCall) -> String {
        let known = context.channel().flatMap { try? context.templates.all(channel: $0.id) } ?? []
        let body = known.first { $0.name == call.name && $0.language == call.language }?.bodyText ?? ""
        return call.parameters.reduce(body) { $0.replacing("{{\($1.name)}}", with: $1.value) }
    }

    private static func sample(_ site: Site, _ words: any TemplateWords, now: Timestamp) -> StoredOrder {
        let total = Money(amount: "29.90", currency: site.currency) ?? Money(minorUnits: 0, currency: site.currency)
        let order = Order(
            shop: "sample", externalID: "1042", number: "1042", status: "processing", createdAt: now, updatedAt: now,
            total: total,
            customer: OrderCustomer(
                firstName: words.text("rule.sample_first_name", [:]),
                lastName: words.text("rule.sample_last_name", [:]),
                phone: ""),
            items: [OrderItem(name: words.text("rule.sample_item", [:]), quantity: 2, total: total)],
            refunds: [Refund(externalID: "1", amount: total)], paymentURL: site.url + "/…",
            trackingURL: site.url + "/…",
            trackingNumber: "TR 0042 1042")
        return StoredOrder(
            id: ID(1), contactID: nil, phoneProblem: nil, isRemoved: false, firstSeenAt: now, order: order)
    }
}
