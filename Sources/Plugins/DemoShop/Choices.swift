import Core
import Templating

/// How an order is paid: WooCommerce's ids, so that the conditions of rules can be tried on them.
enum PaymentMethod: String, CaseIterable, Sendable {
    case card, bacs, cod

    /// The status in which such an order begins.
    var status: String {
        switch self {
        case .card, .cod: "processing"
        case .bacs: "on-hold"
        }
    }

    var word: Word { Word("demoshop.payment.\(rawValue)") }
}

/// How an order travels: WooCommerce's ids.
enum ShippingMethod: String, CaseIterable, Sendable {
    case post = "flat_rate"
    case express
    case pickup = "local_pickup"

    /// In minor units.
    var price: Int64 {
        switch self {
        case .post: 390
        case .express: 790
        case .pickup: 0
        }
    }

    var word: Word { Word("demoshop.shipping.\(rawValue)") }
}

/// Where the shop delivers to, by ISO 3166 alpha-2; their names stand in the catalogue.
enum Countries {
    static let all = [
        "US", "CA", "MX", "BR", "GB", "IE", "ES", "PT", "FR", "DE", "NL", "IT", "KW", "AE", "IN", "AU",
    ]

    static func word(_ code: String) -> Word { Word("demoshop.country.\(code)") }
}
