import Domain
import PluginKit
import Templating

/// What the shop says of itself that settings of the whole site could take over.
struct SiteOffer {
    struct Difference: Equatable {
        let key: String
        let ours: String
        let theirs: String
    }

    /// Only what was said.
    let values: [(key: String, value: String)]

    init(_ facts: ShopFacts, store: String) {
        let all = [
            ("site.name", facts.name), ("site.url", store), ("site.country", facts.country),
            ("site.locale", facts.language), ("site.timezone", facts.timeZone), ("site.currency", facts.currency),
        ]
        values = all.filter { !$0.1.isEmpty }.map { (key: $0.0, value: $0.1) }
    }

    func differences(from site: Site) -> [Difference] {
        values.compactMap { key, theirs in
            let ours =
                switch key {
                case "site.name": site.name
                case "site.url": site.url
                case "site.country": site.country
                case "site.locale": site.locale
                case "site.timezone": site.timeZone
                default: site.currency
                }
            return ours == theirs ? nil : Difference(key: key, ours: ours, theirs: theirs)
        }
    }
}
