import Core
import PluginKit

/// The shop as settings name it now: where it is, and what proves who we are.
struct ShopAccess {
    let address: ShopAddress
    let key: String
    let secret: Secret

    init(_ settings: any SettingsReader) throws(ShopError) {
        address = try Self.address(settings)
        let keys = [WooCommerceSettings.consumerKey, WooCommerceSettings.consumerSecret]
        guard settings.unreadable(keys.map(\.key)).isEmpty else {
            throw ShopError(.keysUnreadable, host: address.host, detail: "the stored keys cannot be opened")
        }
        guard let key = settings[keys[0]], let secret = settings[keys[1]], !key.isEmpty, !secret.isEmpty else {
            throw ShopError(.notSetUp, host: address.host, detail: "no keys are set")
        }
        // The key names the caller and is no secret to the shop; what proves it is the secret.
        self.key = key.reveal()
        self.secret = secret
    }

    static func address(_ settings: any SettingsReader) throws(ShopError) -> ShopAddress {
        guard let address = ShopAddress(settings[WooCommerceSettings.storeURL]) else {
            throw ShopError(.notSetUp, host: "", detail: "\(WooCommerceSettings.storeURL.key) is not set")
        }
        return address
    }
}
