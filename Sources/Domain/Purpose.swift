/// Why a person is written to. Consent is given and withdrawn by purpose.
package struct Purpose: RawRepresentable, Sendable, Hashable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    package static let orders = Purpose(rawValue: "orders")
    package static let payments = Purpose(rawValue: "payments")
    package static let carts = Purpose(rawValue: "carts")
    package static let marketing = Purpose(rawValue: "marketing")
    /// A message that somebody of the shop sends to a number of their own choosing.
    package static let test = Purpose(rawValue: "test")

    /// The purposes a person can consent to, in the order in which pages list them.
    package static let consentable: [Purpose] = [.orders, .payments, .carts, .marketing]
    package static let all: [Purpose] = consentable + [.test]

    /// Transactional messages go before marketing-class ones and know no quiet hours or frequency cap.
    package var isTransactional: Bool { self == .orders || self == .payments || self == .test }
}
