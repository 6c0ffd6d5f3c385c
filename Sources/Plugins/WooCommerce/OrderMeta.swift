import Localization
import Text

/// What plugins of the shop leave in an order's `meta_data`: the parcel and the customer's language. WooCommerce
/// itself has a field for neither.
struct OrderMeta {
    private(set) var trackingNumber: String?
    private(set) var trackingURL: String?
    /// BCP 47.
    private(set) var locale: String?

    init(_ json: JSON) {
        var values: [String: JSON] = [:]
        for entry in json.array ?? [] {
            guard let key = entry["key"].string else { continue }
            values[key] = entry["value"]
        }
        // Shipment Tracking and Advanced Shipment Tracking: a list of parcels, the newest last.
        let parcel = values["_wc_shipment_tracking_items"]?.array?.last
        trackingNumber =
            parcel?["tracking_number"].stringOrNumber.flatMap(Self.word)
            ?? Self.first(Self.numberKeys, in: values)
        trackingURL =
            parcel?["custom_tracking_link"].string.flatMap(Self.link)
            ?? Self.first(Self.linkKeys, in: values).flatMap(Self.link)
        locale = Self.localeKeys.lazy.compactMap { values[$0]?.string.flatMap(Self.language) }.first
    }

    private static let numberKeys = ["_tracking_number", "tracking_number"]
    private static let linkKeys = ["_tracking_url", "tracking_url", "_tracking_link", "tracking_link"]
    /// WPML, TranslatePress, Weglot, and what smaller plugins write.
    private static let localeKeys = ["wpml_language", "trp_language", "weglot_language", "_locale", "locale"]

    private static func first(_ keys: [String], in values: [String: JSON]) -> String? {
        keys.lazy.compactMap { values[$0]?.stringOrNumber.flatMap(word) }.first
    }

    private static func word(_ text: String) -> String? {
        let trimmed = text.trimmingBlanks
        return trimmed.isEmpty || trimmed.count > 500 ? nil : String(trimmed)
    }

    /// Customers are asked to open it, so only a web address will do.
    private static func link(_ text: String) -> String? {
        guard let word = word(text), !word.contains(where: \.isWhitespace) else { return nil }
        let scheme = word.prefix(8).lowercased()
        return scheme.hasPrefix("https://") || scheme.hasPrefix("http://") ? word : nil
    }

    private static func language(_ text: String) -> String? {
        guard let word = word(text), word.utf8.count <= 35 else { return nil }
        let tag = LocaleTag(word).description
        return tag == "und" ? nil : tag
    }
}
