/// An amount in a currency's minor units (cents, fils, or whole yen), never a floating-point number.
package struct Money: Sendable, Hashable {
    package var minorUnits: Int64
    /// ISO 4217, upper case.
    package var currency: String

    package init(minorUnits: Int64, currency: String) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    /// Reads a decimal amount as shops send it (`29.90`, `-5`, `1000.000`); surplus digits are rounded half away
    /// from zero. Nil when `amount` is not a plain decimal number or does not fit.
    package init?(amount: String, currency: String) {
        let code = currency.uppercased()
        let decimals = Self.decimals(of: code)
        var bytes = Array(amount.utf8)[...]
        let negative = bytes.first == UInt8(ascii: "-")
        if negative || bytes.first == UInt8(ascii: "+") { bytes = bytes.dropFirst() }
        var units: Int64 = 0
        var digits = 0
        var fraction = -1
        for byte in bytes {
            if byte == UInt8(ascii: "."), fraction < 0 {
                fraction = 0
                continue
            }
            guard (48...57).contains(byte) else { return nil }
            digits += 1
            if fraction >= decimals {
                if fraction == decimals, byte >= UInt8(ascii: "5") { units += 1 }
                fraction += 1
                continue
            }
            let (product, overflow) = units.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(Int64(byte - 48))
            guard !overflow, !carried else { return nil }
            units = sum
            if fraction >= 0 { fraction += 1 }
        }
        guard digits > 0 else { return nil }
        var place = max(0, fraction)
        while place < decimals {
            let (product, overflow) = units.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            units = product
            place += 1
        }
        self.init(minorUnits: negative ? -units : units, currency: code)
    }

    /// The amount with the currency's decimals and a point: `29.90`, `1000`, `-0.500`.
    package var amount: String {
        let decimals = Self.decimals(of: currency)
        var digits = String(minorUnits.magnitude)
        if decimals > 0 {
            while digits.utf8.count <= decimals { digits = "0" + digits }
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -decimals))
        }
        return minorUnits < 0 ? "-" + digits : digits
    }

    /// How many decimals a currency has (ISO 4217; two where nothing else is said).
    package static func decimals(of currency: String) -> Int {
        if withoutDecimals.contains(currency) { return 0 }
        if withThreeDecimals.contains(currency) { return 3 }
        return 2
    }

    private static let withoutDecimals: Set<String> = [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
        "XOF", "XPF",
    ]
    private static let withThreeDecimals: Set<String> = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
}
