import Domain
import Messaging
import PluginKit
import SQL
import Store
import Templating

/// One step of setting up, with whether it is done.
struct SetupStep: TemplateModel {
    let id: String
    var isDone: Bool
    var href: String

    static let fields: [Field<Self>] = [
        .flag("done") { $0.isDone }, .word("title") { Word("setup.\($0.id).title") },
        .word("text") { Word("setup.\($0.id).text") }, .text("href") { $0.href },
        .word("action") { Word("setup.\($0.id).action") },
    ]
}

/// What the owner of a shop does after signing in for the first time, in order. Each step's state is read from what
/// there is, not ticked off: taking a secret away opens its step again.
struct SetupSteps {
    private let host: Host

    init(_ host: Host) { self.host = host }

    func all(in tx: any ReadTransaction) throws -> [SetupStep] {
        let isLive = self.isLive
        let messages = try MessagesTable.count(MessagesTable.Selection(statuses: Self.arrived), limit: 1, in: tx) > 0
        let orderMessages = try MessagesTable.count(
            MessagesTable.Selection(statuses: Self.arrived, purpose: .orders), limit: 1, in: tx)
        // The demo shop's orders connect nothing.
        let orders = try OrdersTable.hasOrders(otherThanOf: "demo", in: tx)
        return [
            SetupStep(id: "channel", isDone: isLive || messages, href: tried),
            SetupStep(id: "shop", isDone: isConnected || orders, href: shop),
            SetupStep(id: "rules", isDone: has("orders.rules") || orderMessages > 0, href: rules),
            SetupStep(id: "first", isDone: orderMessages > 0, href: "/admin/orders"),
            SetupStep(id: "live", isDone: isLive, href: "/admin/settings/sending"),
        ]
    }

    private static let arrived: [MessageStatus] = [.accepted, .sent, .delivered, .read]

    /// A real channel is chosen and has a number to send from.
    private var isLive: Bool {
        guard let channel = host.messaging.activeChannel, channel.id != "sandbox" else { return false }
        return channel.sendingNumber() != nil
    }

    private func has(_ key: String) -> Bool {
        switch host.settings.stored(key) {
        case .text, .secret: true
        case .unreadable, nil: false
        }
    }

    /// Where to try things out: the sandbox phone, where its plugin is on.
    private var tried: String { menu("menu.phone") ?? "/admin/settings/sending" }
    private var rules: String { menu("menu.rules") ?? "/admin/plugins" }

    private var shop: String { menu("menu.shop") ?? "/admin/plugins" }

    /// By keys, or by webhooks that somebody set up by hand.
    private var isConnected: Bool {
        let hasKeys = ["woocommerce.store_url", "woocommerce.consumer_key", "woocommerce.consumer_secret"].allSatisfy(
            has)
        return hasKeys || has("woocommerce.webhook_secret")
    }

    private func menu(_ word: String) -> String? {
        host.plugins.active.lazy.flatMap(\.declaration.menu).first { $0.word == word }?.path
    }
}
