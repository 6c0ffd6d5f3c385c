package import Core
import Localization
package import SQL

/// The people the shop knows, each once per phone and once per BSUID. `ContactsList` pages and searches.
package enum ContactsTable {
    static let columns: Query = """
        c.id, c.phone, c.bsuid, c.phone_raw, c.phone_problem, c.former_phones, c.email, c.first_name, c.last_name,
        c.locale, c.country, c.time_zone, c.tags, c.custom, c.created_at, c.updated_at, c.undeliverable_count,
        c.undeliverable_at, c.merged_into, c.version
        """

    /// The contact, or the one it was merged into.
    package static func find(_ id: ID, in tx: any ReadTransaction) throws -> Contact? {
        var wanted = id
        // Merges always point to a contact that stood alone, but that one may have been merged later.
        for _ in 0..<16 {
            guard let found = try tx.first("SELECT \(columns) FROM contacts c WHERE c.id = \(wanted)").map(contact)
            else { return nil }
            guard let next = found.mergedInto else { return found }
            wanted = next
        }
        return nil
    }

    /// Those of these ids that there are, as a list of messages needs them; merged ones as they stand.
    package static func all(_ ids: Set<ID>, in tx: any ReadTransaction) throws -> [ID: Contact] {
        let contacts = try tx.rows(
            "SELECT \(columns) FROM contacts c WHERE c.id IN \(Query.list(ids.map(\.number)))"
        ).map(contact)
        return Dictionary(uniqueKeysWithValues: contacts.map { ($0.id, $0) })
    }

    package static func find(phone: String, in tx: any ReadTransaction) throws -> Contact? {
        try tx.first("SELECT \(columns) FROM contacts c WHERE c.phone = \(phone)").map(contact)
    }

    package static func find(bsuid: String, in tx: any ReadTransaction) throws -> Contact? {
        try tx.first("SELECT \(columns) FROM contacts c WHERE c.bsuid = \(bsuid)").map(contact)
    }

    /// Finds the person by either key or adds them, and takes over what is told. When the two keys name two
    /// contacts, they are one person: the one with the phone takes the other in.
    ///
    /// Two unique keys, so no `ON CONFLICT` can serve: select, then insert or update.
    package static func reach(
        _ key: PersonKey, details: ContactDetails, weight: ContactDetails.Weight, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws -> Contact {
        let byPhone = try key.phone.flatMap { try find(phone: $0, in: tx) }
        let byBSUID = try key.bsuid.flatMap { try find(bsuid: $0, in: tx) }
        guard var known = byPhone ?? byBSUID else {
            var new = Contact(id: ID.make(at: now), phone: key.phone, bsuid: key.bsuid, createdAt: now)
            _ = new.learn(details, weight: weight)
            try insert(new, in: tx)
            return new
        }
        var changed = false
        if let byPhone, let byBSUID, byPhone.id != byBSUID.id {
            try ContactMerge.run(byBSUID, into: byPhone, at: now, in: tx)
        }
        if let bsuid = key.bsuid, known.bsuid != bsuid {
            known.bsuid = bsuid
            changed = true
        }
        if let phone = key.phone, known.phone != phone {
            if let old = known.phone, !known.formerPhones.contains(old) { known.formerPhones.append(old) }
            known.phone = phone
            known.phoneProblem = nil
            changed = true
        }
        if known.learn(details, weight: weight) { changed = true }
        if changed {
            known.updatedAt = now
            try write(&known, in: tx)
        }
        return known
    }

    /// Takes over what is told of somebody who is known already, where nothing was known yet.
    static func fillGaps(
        of contact: Contact, _ details: ContactDetails, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Contact {
        var contact = contact
        guard contact.learn(details, weight: .fillsGaps) else { return contact }
        contact.updatedAt = now
        try write(&contact, in: tx)
        return contact
    }

    package enum Outcome: Sendable, Equatable {
        case done(Contact)
        /// The phone or BSUID belongs to this other contact.
        case taken(by: ID)
        /// Somebody else changed it since; nothing was written.
        case outdated
        case missing
    }

    /// Adds a contact as an admin or an API client describes it.
    package static func add(_ contact: Contact, in tx: any WriteTransaction) throws -> Outcome {
        if let other = try owner(of: contact, in: tx) { return .taken(by: other) }
        try insert(contact, in: tx)
        return .done(contact)
    }

    /// Writes an edited contact over the version it was read in. A phone that goes is kept among the former ones.
    package static func update(
        _ edited: Contact, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Outcome {
        guard let row = try tx.first("SELECT \(columns) FROM contacts c WHERE c.id = \(edited.id)") else {
            return .missing
        }
        let known = try contact(row)
        if known.version != edited.version { return .outdated }
        if let other = try owner(of: edited, in: tx) { return .taken(by: other) }
        var new = edited
        if let old = known.phone, old != new.phone, !new.formerPhones.contains(old) { new.formerPhones.append(old) }
        if known.phone != new.phone {
            new.undeliverableCount = 0
            new.undeliverableAt = nil
        }
        new.updatedAt = now
        try write(&new, in: tx)
        return .done(new)
    }

    /// Removes the person from the list. Orders and consents stay and lose their pointer; whether a later message
    /// may go is then for the suppressions (`Suppressions.keep`) to say.
    package static func delete(_ id: ID, in tx: any WriteTransaction) throws -> Bool {
        try tx.run("UPDATE consents SET contact_id = NULL WHERE contact_id = \(id)")
        try tx.run("UPDATE contacts SET merged_into = NULL WHERE merged_into = \(id)")
        return try tx.run("DELETE FROM contacts WHERE id = \(id)") > 0
    }

    /// The provider said that this person has no WhatsApp (131026); how often in a row, this time included.
    package static func noteUndeliverable(
        _ id: ID, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> Int {
        try tx.first(
            """
            UPDATE contacts SET undeliverable_count = undeliverable_count + 1, undeliverable_at = \(now)
            WHERE id = \(id) RETURNING undeliverable_count
            """
        )?.int(0) ?? 0
    }

    package static func noteDelivered(_ id: ID, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            UPDATE contacts SET undeliverable_count = 0, undeliverable_at = NULL
            WHERE id = \(id) AND undeliverable_count > 0
            """)
    }

    private static func owner(of contact: Contact, in tx: any ReadTransaction) throws -> ID? {
        if let phone = contact.phone, let other = try find(phone: phone, in: tx), other.id != contact.id {
            return other.id
        }
        if let bsuid = contact.bsuid, let other = try find(bsuid: bsuid, in: tx), other.id != contact.id {
            return other.id
        }
        return nil
    }

    private static func insert(_ c: Contact, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO contacts (id, phone, bsuid, phone_raw, phone_problem, former_phones, email, email_key,
                first_name, last_name, name_key, last_name_key, locale, country, time_zone, tags, custom, created_at, updated_at,
                undeliverable_count, undeliverable_at, merged_into, version)
            VALUES (\(c.id), \(c.phone), \(c.bsuid), \(c.phoneRaw), \(c.phoneProblem),
                \(JSONColumn.text(c.formerPhones)), \(c.email), \(c.email.map(EmailKey.make)), \(c.firstName),
                \(c.lastName), \(c.nameKey), \(c.lastName.searchKey), \(c.locale), \(c.country), \(c.timeZone), \(JSONColumn.text(c.tags)),
                \(JSONColumn.text(c.custom)), \(c.createdAt), \(c.updatedAt), \(c.undeliverableCount),
                \(c.undeliverableAt), \(c.mergedInto), \(c.version))
            """)
    }

    /// Writes the whole row and raises its version.
    static func write(_ c: inout Contact, in tx: any WriteTransaction) throws {
        c.version += 1
        try tx.run(
            """
            UPDATE contacts
            SET phone = \(c.phone), bsuid = \(c.bsuid), phone_raw = \(c.phoneRaw), phone_problem = \(c.phoneProblem),
                former_phones = \(JSONColumn.text(c.formerPhones)), email = \(c.email),
                email_key = \(c.email.map(EmailKey.make)), first_name = \(c.firstName), last_name = \(c.lastName),
                name_key = \(c.nameKey), last_name_key = \(c.lastName.searchKey), locale = \(c.locale), country = \(c.country), time_zone = \(c.timeZone),
                tags = \(JSONColumn.text(c.tags)), custom = \(JSONColumn.text(c.custom)), updated_at = \(c.updatedAt),
                undeliverable_count = \(c.undeliverableCount), undeliverable_at = \(c.undeliverableAt),
                merged_into = \(c.mergedInto), version = \(c.version)
            WHERE id = \(c.id)
            """)
    }

    static func contact(_ row: Row) throws -> Contact {
        Contact(
            id: try row.id(0), phone: try row.textOrNil(1), bsuid: try row.textOrNil(2), phoneRaw: try row.text(3),
            phoneProblem: try row.textOrNil(4), formerPhones: try JSONColumn.list(row.text(5)),
            email: try row.textOrNil(6), firstName: try row.text(7), lastName: try row.text(8),
            locale: try row.textOrNil(9), country: try row.textOrNil(10), timeZone: try row.textOrNil(11),
            tags: try JSONColumn.list(row.text(12)), custom: try JSONColumn.words(row.text(13)),
            createdAt: try row.time(14), updatedAt: try row.time(15), undeliverableCount: try row.int(16),
            undeliverableAt: try row.timeOrNil(17), mergedInto: try row.idOrNil(18), version: try row.int(19))
    }
}

extension Contact {
    fileprivate var nameKey: String { (firstName + " " + lastName).searchKey }
}
