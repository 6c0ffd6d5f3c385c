package import Core
package import Domain

/// A person as the shop knows them.
package struct Contact: Sendable, Equatable {
    package var id: ID
    /// E.164 with `+`; nil when `phoneRaw` cannot be messaged.
    package var phone: String?
    /// Meta's business-scoped user id.
    package var bsuid: String?
    /// As it was typed or sent.
    package var phoneRaw: String
    /// Why there is no `phone`: a word of the catalogue (`phone.tooShort`).
    package var phoneProblem: String?
    /// Numbers this contact had before they were corrected; consents given by them still count.
    package var formerPhones: [String]
    package var email: String?
    package var firstName: String
    package var lastName: String
    package var locale: String?
    /// ISO 3166 alpha-2.
    package var country: String?
    /// IANA.
    package var timeZone: String?
    package var tags: [String]
    package var custom: [String: String]
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    /// How often in a row the provider said that this person cannot be reached.
    package var undeliverableCount: Int
    package var undeliverableAt: Timestamp?
    /// The contact that this one turned out to be.
    package var mergedInto: ID?
    /// Rises with every change; an edit names the one it was made on.
    package var version: Int

    package init(
        id: ID, phone: String?, bsuid: String? = nil, phoneRaw: String = "", phoneProblem: String? = nil,
        formerPhones: [String] = [], email: String? = nil, firstName: String = "", lastName: String = "",
        locale: String? = nil, country: String? = nil, timeZone: String? = nil, tags: [String] = [],
        custom: [String: String] = [:], createdAt: Timestamp, updatedAt: Timestamp? = nil,
        undeliverableCount: Int = 0, undeliverableAt: Timestamp? = nil, mergedInto: ID? = nil, version: Int = 1
    ) {
        self.id = id
        self.phone = phone
        self.bsuid = bsuid
        self.phoneRaw = phoneRaw
        self.phoneProblem = phoneProblem
        self.formerPhones = formerPhones
        self.email = email
        self.firstName = firstName
        self.lastName = lastName
        self.locale = locale
        self.country = country
        self.timeZone = timeZone
        self.tags = tags
        self.custom = custom
        self.createdAt = createdAt
        self.updatedAt = updatedAt ?? createdAt
        self.undeliverableCount = undeliverableCount
        self.undeliverableAt = undeliverableAt
        self.mergedInto = mergedInto
        self.version = version
    }

    /// What messages need of the person.
    package var ref: ContactRef {
        ContactRef(
            id: id, phone: phone, bsuid: bsuid, firstName: firstName, lastName: lastName, email: email,
            country: country, locale: locale, timeZone: timeZone)
    }
}

/// By what a person is known to a channel: at least one of the two.
package struct PersonKey: Sendable, Hashable {
    /// E.164 with `+`.
    package var phone: String?
    package var bsuid: String?

    package init(phone: String?, bsuid: String? = nil) {
        self.phone = phone
        self.bsuid = bsuid
    }
}

/// What somebody told us of a person on the way; nil and empty mean that they said nothing.
package struct ContactDetails: Sendable, Equatable {
    /// The phone as typed.
    package var phoneRaw: String?
    package var email: String?
    package var firstName: String?
    package var lastName: String?
    package var locale: String?
    package var country: String?
    package var timeZone: String?

    package init(
        phoneRaw: String? = nil, email: String? = nil, firstName: String? = nil, lastName: String? = nil,
        locale: String? = nil, country: String? = nil, timeZone: String? = nil
    ) {
        self.phoneRaw = phoneRaw
        self.email = email
        self.firstName = firstName
        self.lastName = lastName
        self.locale = locale
        self.country = country
        self.timeZone = timeZone
    }

    /// Whether news replace what is known (an order), or only fill gaps (a provider's profile name).
    package enum Weight: Sendable {
        case replaces, fillsGaps
    }
}

extension Contact {
    /// Takes over what `details` tells; true when that changed anything.
    mutating func learn(_ details: ContactDetails, weight: ContactDetails.Weight) -> Bool {
        let before = self
        func merged(_ known: String?, _ told: String?) -> String? {
            guard let told, !told.isEmpty else { return known }
            if weight == .fillsGaps, let known, !known.isEmpty { return known }
            return told
        }
        phoneRaw = merged(phoneRaw, details.phoneRaw) ?? ""
        email = merged(email, details.email)
        firstName = merged(firstName, details.firstName) ?? ""
        lastName = merged(lastName, details.lastName) ?? ""
        locale = merged(locale, details.locale)
        country = merged(country, details.country)
        timeZone = merged(timeZone, details.timeZone)
        return self != before
    }
}
