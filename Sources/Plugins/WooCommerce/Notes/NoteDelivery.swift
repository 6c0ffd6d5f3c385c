import Domain
import PluginKit
import Text

/// The webhook of WordPress's action `woocommerce_new_customer_note`: it names the order and the words, not the note.
enum NoteDelivery {
    static let topic = "action.woocommerce_new_customer_note"

    /// - Parameter canAsk: whether the shop can be asked for the note itself; else its words have to do.
    static func meaning(_ delivery: Delivery, canAsk: Bool) -> DeliveryMeaning {
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: delivery.body, name: "note")
        } catch {
            return .unreadable("delivery.not_json", detail: error.description)
        }
        do throws(JSONError) {
            let order = try json["arg"].shopID("order_id")
            if canAsk {
                return .effects([.job(kind: NotesJob.kind, payload: order, dedupe: "\(NotesJob.kind):\(order)")])
            }
            let text = NoteText.plain(try json["arg"]["customer_note"].expectString())
            if text.isEmpty { return .kept("delivery.empty_note") }
            return .effects([
                .orderNote(OrderNote(shop: ShopDelivery.shop, orderID: order, noteID: nil, text: text))
            ])
        } catch {
            return .unreadable("delivery.not_a_note", detail: error.description)
        }
    }
}
