import Core
import Text

extension JSONWriter {
    /// `{"amount":"29.90","currency":"EUR"}` with the currency's decimals.
    mutating func field(_ name: String, _ money: Money) {
        object(name) { json in
            json.field("amount", money.amount)
            json.field("currency", money.currency)
        }
    }

    mutating func field(_ name: String, _ list: [String]) {
        array(name) { json in for item in list { json.value(item) } }
    }
}
