package import Core

/// A person as messages need them: how to reach them and what to call them.
package struct ContactRef: Sendable, Equatable {
    package var id: ID
    /// E.164 with `+`; nil for a person known only by Meta's business-scoped user id.
    package var phone: String?
    package var bsuid: String?
    package var firstName: String
    package var lastName: String
    package var email: String?
    /// ISO 3166 alpha-2.
    package var country: String?
    package var locale: String?
    /// IANA zone, for quiet hours; nil falls back to the site's.
    package var timeZone: String?

    package init(
        id: ID, phone: String?, bsuid: String? = nil, firstName: String = "", lastName: String = "",
        email: String? = nil, country: String? = nil, locale: String? = nil, timeZone: String? = nil
    ) {
        self.id = id
        self.phone = phone
        self.bsuid = bsuid
        self.firstName = firstName
        self.lastName = lastName
        self.email = email
        self.country = country
        self.locale = locale
        self.timeZone = timeZone
    }
}
