import Core
import HTTP

/// Where and what the shop is: settings, system status, countries and currencies, and the index that needs no key.
struct ShopPlace {
    let home: String
    let profile: WooCommerceDouble.Profile

    func answer(_ request: ShopRequest, _ path: [String]) throws(ShopError) -> ShopAnswer {
        guard request.method == .get else { throw .noRoute }
        switch path {
        case ["settings", "general"]: return ShopAnswer(.list(settings))
        case ["system_status"]: return ShopAnswer(systemStatus)
        case ["data", "currencies", "current"]: return ShopAnswer(currency)
        case ["data", "countries", profile.country.lowercased()], ["data", "countries", profile.country]:
            return ShopAnswer(.object(["code": .text(profile.country), "name": .text(profile.country)]))
        default:
            if path.count == 3, path.starts(with: ["settings", "general"]) {
                guard let setting = settings.first(where: { $0["id"].string == path[2] }) else {
                    throw ShopError(404, "rest_setting_setting_invalid", "Invalid setting.")
                }
                return ShopAnswer(setting)
            }
            throw .noRoute
        }
    }

    var index: ShopAnswer {
        ShopAnswer(
            .object([
                "name": .text(profile.name), "description": .text(""), "url": .text(home), "home": .text(home),
                "gmt_offset": .number(String(Double(profile.offset.milliseconds) / 3_600_000)),
                "timezone_string": .text(profile.timeZone),
                "namespaces": .list(["oembed/1.0", "wc/v3", "wc/store/v1", "wp/v2"].map(ShopValue.text)),
                "authentication": .list([]),
            ]))
    }

    private var settings: [ShopValue] {
        let country = profile.state.isEmpty ? profile.country : "\(profile.country):\(profile.state)"
        let values: KeyValuePairs = [
            "woocommerce_store_city": "Example", "woocommerce_default_country": country,
            "woocommerce_currency": profile.currency, "woocommerce_currency_pos": "left",
            "woocommerce_price_num_decimals": "2",
        ]
        return values.map { id, value in
            .object([
                "id": .text(id), "label": .text(""), "description": .text(""), "type": .text("text"),
                "default": .text(""), "tip": .text(""), "value": .text(value), "group_id": .text("general"),
            ])
        }
    }

    private var systemStatus: ShopValue {
        .object([
            "environment": .object([
                "home_url": .text(home), "site_url": .text(home), "version": .text(profile.version),
                "wp_version": .text("7.0.4"), "wp_multisite": .bool(false), "wp_cron": .bool(true),
                "language": .text(profile.language), "php_version": .text("8.2.35"),
                "default_timezone": .text("UTC"),
            ]),
            "active_plugins": .list([
                .object([
                    "plugin": .text("woocommerce/woocommerce.php"), "name": .text("WooCommerce"),
                    "version": .text(profile.version),
                ])
            ]),
            "settings": .object([
                "api_enabled": .bool(true), "force_ssl": .bool(false), "currency": .text(profile.currency),
                "currency_symbol": .text("€"), "number_of_decimals": .number(2),
            ]),
        ])
    }

    private var currency: ShopValue {
        .object([
            "code": .text(profile.currency), "name": .text(profile.currency), "symbol": .text(profile.currency),
        ])
    }
}
