package import Core
package import Domain
import Localization
package import SQL

/// Which contacts a list shows.
package struct ContactFilter: Sendable, Equatable {
    package enum Standing: Sendable, Equatable {
        case granted(Purpose)
        /// Withdrawn, or never said.
        case notGranted(Purpose)
    }

    /// Typed by a person: digits are the beginning of a phone, anything else the beginning of a name, a last name or
    /// an address.
    package var search: String?
    /// For those who see phones and addresses masked: a beginning would let them find out the rest, digit by digit.
    package var takesWholeReachOnly: Bool
    package var consent: Standing?

    package init(search: String? = nil, takesWholeReachOnly: Bool = false, consent: Standing? = nil) {
        self.search = search
        self.takesWholeReachOnly = takesWholeReachOnly
        self.consent = consent
    }
}

/// Pages through contacts, the newest first. Every search is the beginning of an indexed key.
package enum ContactsList {
    package static func page(
        _ request: PageRequest, _ filter: ContactFilter = ContactFilter(), in tx: any ReadTransaction
    ) throws -> Page<Contact> {
        var conditions = conditions(filter)
        if let after = request.after { conditions.append("c.id < \(after.id)") }
        let contacts = try tx.rows(
            """
            SELECT \(ContactsTable.columns) FROM contacts c
            WHERE \(Query.all(conditions))
            ORDER BY c.id DESC LIMIT \(request.limit + 1)
            """
        ).map(ContactsTable.contact)
        return Page(contacts, for: request) { Cursor(id: $0.id) }
    }

    /// How many match, but no more than `cap`: a list says "1000+" rather than count a million.
    package static func count(
        _ filter: ContactFilter = ContactFilter(), cap: Int, in tx: any ReadTransaction
    ) throws -> Int {
        try tx.count(
            """
            SELECT count(*) FROM (
                SELECT 1 FROM contacts c WHERE \(Query.all(conditions(filter))) LIMIT \(cap)
            ) AS matching
            """)
    }

    private static func conditions(_ filter: ContactFilter) -> [Query] {
        var conditions: [Query] = ["c.merged_into IS NULL"]
        if let search = filter.search, let found = matching(search, filter) { conditions.append(found) }
        switch filter.consent {
        case .granted(let purpose): conditions.append(hasGrant(purpose))
        case .notGranted(let purpose): conditions.append("NOT " + hasGrant(purpose))
        case nil: break
        }
        return conditions
    }

    private static func hasGrant(_ purpose: Purpose) -> Query {
        """
        EXISTS (SELECT 1 FROM consent_state s
            WHERE s.contact_id = c.id AND s.purpose = \(purpose.rawValue) AND s.state = 'granted')
        """
    }

    private static func matching(_ search: String, _ filter: ContactFilter) -> Query? {
        let digits = search.filter { $0.isASCII && $0.isNumber }
        let isPhone = digits.count > 1 && search.allSatisfy { $0.isASCII && ($0.isNumber || "+-() ./".contains($0)) }
        func reach(_ column: Query, _ text: String) -> Query {
            filter.takesWholeReachOnly ? "\(column) = \(text)" : .beginning(column, with: text)
        }
        if isPhone { return reach("c.phone", "+" + digits) }
        let name = search.searchKey
        if name.isEmpty { return nil }
        let keys: [Query] = [
            .beginning("c.name_key", with: name), .beginning("c.last_name_key", with: name),
            reach("c.email_key", EmailKey.make(search)),
        ]
        return "(\(Query.joined(keys, " OR ")))"
    }
}

extension Query {
    /// A range instead of LIKE: both engines then use the index, and no character means anything special.
    static func beginning(_ column: Query, with prefix: String) -> Query {
        "(\(column) >= \(prefix) AND \(column) < \(prefix + "\u{10FFFF}"))"
    }
}
