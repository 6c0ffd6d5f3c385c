import PluginKit
import Templating
import Text

/// Finds the shop that somebody's typing means, and writes it into the setting: the host that a setting names is the
/// only one that may be asked.
struct ShopSearch {
    private let connection: ShopConnection

    init(_ connection: ShopConnection) { self.connection = connection }

    /// - Throws: `ConnectError` when the typing cannot be an address or no WooCommerce answers there.
    func find(_ typed: String, by actor: String) throws -> ShopAddress {
        let candidates: [ShopAddress]
        do throws(TypingError) {
            candidates = try TypedAddress(typed).candidates
        } catch {
            throw ConnectError("address", error.word)
        }
        var failure = ShopError(.notWooCommerce, host: "", detail: "nothing was asked")
        for candidate in candidates {
            do {
                return try look(at: candidate, by: actor)
            } catch let error as ShopError {
                failure = error
                // In another folder of a host that does not answer is no shop either.
                guard [.notWooCommerce, .unreadable, .notFound].contains(error.kind) else { break }
            }
        }
        throw ConnectError("address", failure.word)
    }

    /// - Returns: where the shop really is: with or without `www.`, as its redirect says.
    private func look(at address: ShopAddress, by actor: String) throws -> ShopAddress {
        do {
            try expectWooCommerce(at: address, by: actor)
            return address
        } catch let error as ShopError {
            guard case .moved(let target) = error.kind, let other = Self.neighbour(of: address, target)
            else { throw error }
            try expectWooCommerce(at: other, by: actor)
            return other
        }
    }

    /// The redirect's target without the route that was asked for; nil unless it is the same shop by its other name.
    private static func neighbour(of address: ShopAddress, _ target: String) -> ShopAddress? {
        let front = target.firstRange(of: "/wp-json").map { String(target[..<$0.lowerBound]) } ?? target
        guard let other = ShopAddress(front), other != address, other.isSecure || !address.isSecure else { return nil }
        let names = [address.host, other.host].map { $0.hasPrefix("www.") ? String($0.dropFirst(4)) : $0 }
        return names[0] == names[1] ? other : nil
    }

    private func expectWooCommerce(at address: ShopAddress, by actor: String) throws {
        try use(address, by: actor)
        let namespaces = try connection.client.index(at: address).json["namespaces"].array ?? []
        guard namespaces.contains(where: { $0.string == "wc/v3" }) else {
            throw ShopError(.notWooCommerce, host: address.host, detail: "has no wc/v3")
        }
    }

    /// Keys are for the shop that gave them: they do not go along to another.
    private func use(_ address: ShopAddress, by actor: String) throws {
        let settings = connection.context.settings
        guard settings[WooCommerceSettings.storeURL] != address.text else { return }
        try connection.context.settingsWriter.change(
            [
                WooCommerceSettings.storeURL.key: address.text, WooCommerceSettings.consumerKey.key: "",
                WooCommerceSettings.consumerSecret.key: "",
            ], by: actor)
        // Those of the former shop: by their ids others would be taken for ours in this one.
        try connection.context.tables.write { tx in
            for made in try MadeTable.all(.webhook, in: tx) {
                try MadeTable.remove(.webhook, made.externalID, in: tx)
            }
            try HeardTable.removeAll(in: tx)
        }
    }
}
