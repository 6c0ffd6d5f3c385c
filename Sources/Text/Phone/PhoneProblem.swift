import CText

/// Why a text is not a phone number that a message can be sent to. `id` is the `phone_problem` of the API.
package enum PhoneProblem: String, Error, Sendable, CaseIterable {
    /// There is nothing in the field.
    case empty
    /// Words, two numbers in one, or what a spreadsheet has made of a number (`4.47E+11`).
    case notANumber
    case tooShort
    case tooLong
    /// A number without `+` and no country to read it by, or a calling code that is nobody's.
    case unknownCountry
    /// Its length is right, but no such range is in use there.
    case invalidForCountry
    /// Premium rate or shared cost.
    case premium
    /// Toll-free, pager, voicemail: no person reads messages there.
    case service

    /// `phone.tooShort`; also the key of its words.
    package var id: String { "phone." + rawValue }

    /// Nil for CTEXT_PHONE_VALID.
    init?(code: Int32) {
        switch Int(code) {
        case CTEXT_PHONE_VALID: return nil
        case CTEXT_PHONE_TOO_SHORT: self = .tooShort
        case CTEXT_PHONE_TOO_LONG: self = .tooLong
        case CTEXT_PHONE_UNKNOWN_COUNTRY: self = .unknownCountry
        case CTEXT_PHONE_INVALID_FOR_COUNTRY: self = .invalidForCountry
        case CTEXT_PHONE_PREMIUM: self = .premium
        case CTEXT_PHONE_SERVICE: self = .service
        default: self = .notANumber
        }
    }
}
