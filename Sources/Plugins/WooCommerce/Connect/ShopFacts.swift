import Localization
import Text

/// What a shop says of itself. Empty texts were not said.
struct ShopFacts: Sendable, Equatable {
    var name = ""
    /// ISO 4217.
    var currency = ""
    /// ISO 3166 alpha-2: where the shop is.
    var country = ""
    /// IANA; empty also where the shop has an offset that is no zone.
    var timeZone = ""
    /// BCP 47: the site's own. WordPress knows of no others; translations are its plugins' affair.
    var language = ""
    var wooCommerce = ""
    var wordPress = ""

    /// From this one on all that we ask for is there: orders by `modified_after`, and the notes' order.
    static let leastVersion = [8, 6]

    /// Nil where the version was not said.
    var isTooOld: Bool? {
        let numbers = wooCommerce.split(separator: ".").prefix(2).compactMap { Int($0) }
        guard numbers.count == 2 else { return nil }
        return numbers.lexicographicallyPrecedes(Self.leastVersion)
    }

    /// Asks for the settings and the state of the system, which takes keys of a shop manager.
    static func read(_ client: ShopClient) throws(ShopError) -> ShopFacts {
        let index = try client.index(at: client.address()).json
        var facts = ShopFacts()
        facts.name = HTMLEntities.decoded(index["name"].string ?? "")
        facts.timeZone = zone(index["timezone_string"].string ?? "", offset: index["gmt_offset"])
        for setting in try client.get("settings/general").json.array ?? [] {
            let value = setting["value"].string ?? ""
            switch setting["id"].string {
            case "woocommerce_currency": facts.currency = value
            // With the state behind a colon: `US:CA`.
            case "woocommerce_default_country": facts.country = String(value.prefix { $0 != ":" })
            default: break
            }
        }
        let status = try client.get("system_status", query: [("_fields", "environment")]).json
        let environment = status["environment"]
        facts.wooCommerce = environment["version"].string ?? ""
        facts.wordPress = environment["wp_version"].string ?? ""
        let tag = LocaleTag(environment["language"].string ?? "").description
        facts.language = tag == "und" ? "" : tag
        return facts
    }

    /// WordPress has either a zone or hours from UTC. Whole hours have a zone of their own, its sign turned round.
    private static func zone(_ name: String, offset: JSON) -> String {
        if let zone = Zone(name) { return zone.name }
        guard let hours = offset.double ?? offset.string.flatMap({ Double($0) }), hours.magnitude <= 14,
            hours == hours.rounded()
        else { return "" }
        return hours == 0 ? "UTC" : "Etc/GMT\(hours > 0 ? "-" : "+")\(Int(hours.magnitude))"
    }
}

extension ShopFacts {
    init(stored text: String) {
        guard let json = try? JSON(parsing: text) else { return }
        name = json["name"].string ?? ""
        currency = json["currency"].string ?? ""
        country = json["country"].string ?? ""
        timeZone = json["time_zone"].string ?? ""
        language = json["language"].string ?? ""
        wooCommerce = json["woocommerce"].string ?? ""
        wordPress = json["wordpress"].string ?? ""
    }

    var stored: String {
        let json = JSONWriter.object { json in
            json.field("name", name)
            json.field("currency", currency)
            json.field("country", country)
            json.field("time_zone", timeZone)
            json.field("language", language)
            json.field("woocommerce", wooCommerce)
            json.field("wordpress", wordPress)
        }
        return String(decoding: json, as: UTF8.self)
    }
}
