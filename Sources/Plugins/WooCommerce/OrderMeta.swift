import Localization
import Text

/// What plugins of the shop leave in the `meta_data` of an order or a customer: parcels and the language.
/// WooCommerce itself has a field for neither.
struct OrderMeta {
    private(set) var parcels = Parcels()
    /// WooCommerce's own fulfilments (10.2 and later, where the shop has them on) keep the parcels beside the order,
    /// and only their state in it.
    private(set) var hasFulfilments = false
    /// BCP 47.
    private(set) var locale: String?

    init(_ json: JSON) {
        var values: [String: JSON] = [:]
        for entry in json.array ?? [] {
            guard let key = entry["key"].string else { continue }
            values[key] = entry["value"]
        }
        for key in Self.listKeys { readList(values[key]) }
        if let parcels = values["_parcelpanel_shipping_numbers"] { readParcelPanel(parcels) }
        if let label = values["_pr_shipment_dhl_label_tracking"] { readDHL(label) }
        if parcels.numbers.isEmpty { parcels.add(number: Self.first(Self.numberKeys, in: values), url: nil) }
        if parcels.url == nil { parcels.add(number: nil, url: Self.first(Self.linkKeys, in: values)) }
        hasFulfilments = ["fulfilled", "partially_fulfilled"].contains(values["_fulfillment_status"]?.string)
        locale = Self.localeKeys.lazy.compactMap { values[$0]?.string.flatMap(Self.language) }.first
    }

    /// Shipment Tracking and Advanced Shipment Tracking (with TrackShip), then AfterShip: a list of parcels, the
    /// newest last.
    private static let listKeys = ["_wc_shipment_tracking_items", "_aftership_tracking_items"]
    /// One parcel in fields of its own: AfterShip's older releases, YITH's order tracking, and what smaller plugins
    /// write.
    private static let numberKeys = [
        "_aftership_tracking_number", "ywot_tracking_code", "_ywot_tracking_code", "_tracking_number",
        "tracking_number", "_tracking_code",
    ]
    private static let linkKeys = ["_tracking_url", "tracking_url", "_tracking_link", "tracking_link"]
    /// WPML, TranslatePress, Weglot, and what smaller plugins write.
    private static let localeKeys = ["wpml_language", "trp_language", "weglot_language", "_locale", "locale"]

    private mutating func readList(_ json: JSON?) {
        for parcel in json?.array ?? [] {
            let links = ["custom_tracking_link", "ast_tracking_link", "formatted_tracking_link", "tracking_link"]
            let link = links.lazy.compactMap { parcel[$0].shopText }.first
            parcels.add(number: parcel["tracking_number"].stringOrNumber, url: link)
        }
    }

    /// ParcelPanel keeps an object by numbers, written as text.
    private mutating func readParcelPanel(_ json: JSON) {
        let written = json.string.flatMap { try? JSON(parsing: Array($0.utf8)) } ?? json
        for parcel in written.object?.map(\.value) ?? written.array ?? [] {
            parcels.add(number: parcel["tracking_number"].stringOrNumber, url: nil)
        }
    }

    /// DHL for WooCommerce keeps one label, with a number or a list of them.
    private mutating func readDHL(_ json: JSON) {
        let number = json["tracking_number"]
        for number in number.array ?? [number] { parcels.add(number: number.stringOrNumber, url: nil) }
    }

    private static func first(_ keys: [String], in values: [String: JSON]) -> String? {
        keys.lazy.compactMap { values[$0]?.shopText }.first
    }

    private static func language(_ text: String) -> String? {
        let word = String(text.trimmingBlanks)
        guard !word.isEmpty, word.utf8.count <= 35 else { return nil }
        let tag = LocaleTag(word).description
        return tag == "und" ? nil : tag
    }
}
