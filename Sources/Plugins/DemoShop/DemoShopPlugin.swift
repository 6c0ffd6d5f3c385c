import Core
package import PluginKit

/// A small shop to play with, under `serve --demo`: what is ordered there takes the road of any shop's order, and its
/// messages show on the sandbox phone.
package struct DemoShopPlugin: Plugin {
    package static let id = "demoshop"
    /// How its orders name their shop.
    package static let shop = "demo"

    package init() {}

    package var declaration: PluginDeclaration {
        PluginDeclaration(
            id: Self.id, name: "Demo shop", version: "1.0.0", permissions: [.orders, .contacts], isForDemo: true,
            menu: [MenuEntry(group: .shop, path: DeskPage.path, word: "menu.demo", place: 80, role: .manager)],
            migrations: [.demoOrders])
    }

    package func parts(_ context: PluginContext) throws -> PluginParts {
        let shop = Shop(context)
        let till = Till(shop: shop)
        var parts = PluginParts()
        parts.routes =
            try CataloguePage(shop).routes + CartPage(shop).routes + CheckoutPage(shop, till).routes
            + OrderPage(shop, till).routes + DeskPage(shop, till).routes
        parts.panels = [try DashboardPanel.make(context.pages)]
        return parts
    }
}
