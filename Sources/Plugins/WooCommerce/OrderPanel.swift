import Domain
import PluginKit
import Templating

/// On an order's page: the way to the same order in the shop's own admin.
struct OrderPanel: TemplateModel {
    let href: String

    static let fields: [Field<Self>] = [.text("href") { $0.href }]

    /// Only for orders of the shop whose address is known. WordPress leads from this address to wherever the shop keeps
    /// its orders.
    static func make(_ context: PluginContext) throws -> Panel {
        let fragment = try context.pages.fragment("woocommerce/order-panel", OrderPanel.self)
        return .order("woocommerce.in_the_shop") { stored, _ in
            let named = context.settings[WooCommerceSettings.storeURL]
            let shop = named.isEmpty ? context.site().url : named
            guard stored.order.shop == "woocommerce", !shop.isEmpty, !stored.isRemoved,
                stored.order.externalID.utf8.allSatisfy({ (48...57).contains($0) })
            else { return nil }
            let base = shop.hasSuffix("/") ? String(shop.dropLast()) : shop
            return fragment.draw(
                OrderPanel(href: "\(base)/wp-admin/post.php?post=\(stored.order.externalID)&action=edit"))
        }
    }
}
