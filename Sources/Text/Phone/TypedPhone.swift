/// What stands in a phone field, cleared of what pasting and spreadsheets add, before anyone reads digits in it.
struct TypedPhone {
    /// From the first digit or plus on.
    private let text: String
    /// `+` and the digits behind a `00`, when it begins so (`+00…` is seen too; no calling code begins with 0).
    private let international: String?
    private let beginsWithPlus: Bool

    static func read(_ raw: String) -> Result<TypedPhone, PhoneProblem> {
        let scalars = withoutLabel(raw.unicodeScalars.filter { !isInvisible($0) })
        guard scalars.contains(where: { !$0.properties.isWhitespace }) else { return .failure(.empty) }
        // libphonenumber would dial letters as on a keypad (FLOWERS), and take what follows a comma for digits to
        // dial once connected: it would make a number of a remark, and one of two.
        guard !scalars.contains(where: { $0.properties.isAlphabetic || $0 == "," || $0 == ";" })
        else { return .failure(.notANumber) }
        return .success(TypedPhone(withoutFraction(scalars)))
    }

    private init(_ scalars: [Unicode.Scalar]) {
        let start = scalars.firstIndex { Self.isPlus($0) || Self.digit($0) != nil } ?? scalars.endIndex
        let rest = scalars[start...]
        let digits = rest.compactMap(Self.digit).map(String.init).joined()
        text = String(String.UnicodeScalarView(rest))
        international = digits.hasPrefix("00") ? "+" + digits.dropFirst(2) : nil
        beginsWithPlus = rest.first.map(Self.isPlus) ?? false
    }

    /// The texts to ask about, each with the country it is dialled in (`ZZ`: none), best first. Never empty but
    /// for a national number without a country.
    func readings(in countries: [String]) -> [(text: String, country: String)] {
        if beginsWithPlus { return [(international ?? text, "ZZ")] }
        var readings = international.map { [(text: $0, country: "ZZ")] } ?? []
        for country in countries.map({ $0.uppercased() }) where country.utf8.count == 2 && country != "ZZ" {
            if !readings.contains(where: { $0.country == country }) { readings.append((text, country)) }
        }
        return readings
    }

    /// `tel:`, `whatsapp:` and the `p:` of lead exports.
    private static func withoutLabel(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard let colon = scalars.firstIndex(of: ":"),
            scalars[..<colon].allSatisfy({ $0.properties.isAlphabetic || $0.properties.isWhitespace })
        else { return scalars }
        return Array(scalars[(colon + 1)...])
    }

    /// A spreadsheet that took the number for a quantity writes `491570006.0`; the zero is no digit of it.
    private static func withoutFraction(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let whole = scalars.dropLast(2)
        guard scalars.suffix(2) == [".", "0"], whole.count >= 7, whole.allSatisfy({ digit($0) != nil })
        else { return scalars }
        return Array(whole)
    }

    private static func isPlus(_ scalar: Unicode.Scalar) -> Bool { scalar == "+" || scalar == "\u{FF0B}" }

    /// The value of a decimal digit in any script.
    private static func digit(_ scalar: Unicode.Scalar) -> Int? {
        guard scalar.properties.numericType == .decimal else { return nil }
        return scalar.properties.numericValue.map { Int($0) }
    }

    /// Direction marks and joiners, which phones and messengers put around copied numbers.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .format
    }
}
