import CText

/// A phone number that exists as far as its numbering plan tells, in E.164.
///
/// What people type is read by libphonenumber (8.12, metadata of 2022). The raw text is the caller's to keep.
package struct PhoneNumber: Sendable, Hashable {
    /// What kind of line it is, as far as the digits tell (in North America they do not). Landlines are kept:
    /// businesses have WhatsApp on them.
    package enum Line: Int32, Sendable {
        case unknown, mobile, fixed
    }

    /// `+12025550123`
    package let e164: String
    /// ISO 3166 alpha-2; nil for numbers of no country (satellite phones).
    package let region: String?
    package let line: Line

    /// Reads a number as a person typed it, in any digits, with any punctuation.
    ///
    /// With `+` or `00` it is international. Otherwise it is dialled in one of `countries`, and the first in which
    /// it is valid wins. Nothing else is guessed: ten digits without a country could be many people's.
    ///
    /// - Parameter countries: alpha-2 codes in the order of trust: billing, shipping, the site's. Empty and unknown
    ///   ones are passed over.
    /// - Returns: on failure what is wrong by the first country that says more than `unknownCountry`.
    package static func read(_ raw: String, countries: [String]) -> Result<PhoneNumber, PhoneProblem> {
        let typed: TypedPhone
        switch TypedPhone.read(raw) {
        case .failure(let problem): return .failure(problem)
        case .success(let value): typed = value
        }
        var problem = PhoneProblem.unknownCountry
        for (text, country) in typed.readings(in: countries) {
            switch ask(text, country) {
            case .success(let number): return .success(number)
            case .failure(let found): if problem == .unknownCountry { problem = found }
            }
        }
        return .failure(problem)
    }

    private static func ask(_ text: String, _ country: String) -> Result<PhoneNumber, PhoneProblem> {
        var phone = ctext_phone()
        let code = ctext_phone_read(text, text.utf8.count, country, &phone)
        if let problem = PhoneProblem(code: code) { return .failure(problem) }
        let e164 = withUnsafeBytes(of: phone.e164) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let region = withUnsafeBytes(of: phone.region) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        // ITU-T E.164: fifteen digits; some plans have longer numbers that nobody outside can dial.
        guard (3...16).contains(e164.utf8.count) else { return .failure(.tooLong) }
        return .success(
            PhoneNumber(
                e164: e164, region: region.isEmpty ? nil : region, line: Line(rawValue: phone.line) ?? .unknown))
    }
}
