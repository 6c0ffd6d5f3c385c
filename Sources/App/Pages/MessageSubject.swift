import Domain
import Store
import Templating

/// What a message is about, in a few words: `Order 1042 · Processing`.
struct MessageSubject {
    private let words: any TemplateWords

    init(_ words: any TemplateWords) { self.words = words }

    func text(_ row: LedgerRow, order: StoredOrder?) -> String {
        switch row.source.kind {
        case .order:
            let event = MessageWords(words).orderEvent(Self.event(of: row.intentKey) ?? "")
            let number = order?.order.number ?? Self.externalID(of: row.intentKey) ?? ""
            return words.text("message.order", ["number": .text(number), "event": .text(event)])
        case .cart: return words.text("message.cart")
        case .campaign: return words.text("message.campaign")
        case .payment: return words.text("message.payment")
        case .api: return words.text(row.purpose == .test ? "message.test" : "message.api")
        }
    }

    /// The status or event of an order's message, as its intent key names it.
    static func event(of intentKey: String) -> String? {
        let parts = parts(of: intentKey)
        guard parts.count >= 5 else { return nil }
        switch parts[parts.count - 3] {
        case "refund" where parts.count > 5: return "partial_refund"
        case "note" where parts.count > 5: return "customer_note"
        case "shipped" where parts.count > 5: return "shipped"
        default: return String(parts[parts.count - 2])
        }
    }

    private static func externalID(of intentKey: String) -> String? {
        let parts = parts(of: intentKey)
        return parts.count >= 5 ? String(parts[2]) : nil
    }

    /// Without the `#2` of a message that was sent again.
    private static func parts(of intentKey: String) -> [Substring] {
        let key = intentKey.split(separator: "#").first ?? ""
        let parts = key.split(separator: ":", omittingEmptySubsequences: false)
        return parts.first == "order" ? parts : []
    }
}
