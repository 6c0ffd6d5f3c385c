import Core
import Domain
import SQL
import Store
import Text

/// A contact as the API writes it.
enum ContactJSON {
    static let schema = Schema.object([
        .required("id", .id), .required("phone", .nullable(.text)), .required("phone_raw", .text),
        .required("phone_problem", .nullable(.text)), .required("bsuid", .nullable(.text)),
        .required("email", .nullable(.text)), .required("first_name", .text), .required("last_name", .text),
        .required("locale", .nullable(.text)), .required("country", .nullable(.text)),
        .required("timezone", .nullable(.text)), .required("tags", .list(.text)), .required("custom", .map(.text)),
        .required("consents", .object(Purpose.consentable.map { .required($0.rawValue, standing) })),
        .required("created_at", .time), .required("updated_at", .time),
    ])

    private static let standing = Schema.object([
        .required("state", .choice(["granted", "withdrawn", "none"])), .required("at", .nullable(.time)),
        .required("source", .nullable(.text)),
    ])

    /// A contact with what they last said of each purpose.
    struct Asked: Sendable {
        let contact: Contact
        let consents: [Purpose: ConsentStatesTable.Standing]

        init(_ contact: Contact, in tx: any ReadTransaction) throws {
            self.contact = contact
            consents = try ConsentStatesTable.all(of: contact.id, in: tx)
        }
    }

    static func bytes(_ asked: Asked) -> [UInt8] { JSONWriter.object { json in write(asked, &json) } }

    static func write(_ asked: Asked, _ json: inout JSONWriter) {
        let contact = asked.contact
        json.field("id", contact.id)
        json.field("phone", contact.phone)
        json.field("phone_raw", contact.phoneRaw)
        json.field("phone_problem", contact.phoneProblem)
        json.field("bsuid", contact.bsuid)
        json.field("email", contact.email)
        json.field("first_name", contact.firstName)
        json.field("last_name", contact.lastName)
        json.field("locale", contact.locale)
        json.field("country", contact.country)
        json.field("timezone", contact.timeZone)
        json.field("tags", contact.tags)
        json.object("custom") { json in
            for (key, value) in contact.custom.sorted(by: { $0.key < $1.key }) { json.field(key, value) }
        }
        json.object("consents") { json in
            for purpose in Purpose.consentable {
                let standing = asked.consents[purpose]
                json.object(purpose.rawValue) { json in
                    json.field("state", (standing?.state ?? .none).rawValue)
                    json.field("at", standing?.at)
                    json.field("source", standing?.source)
                }
            }
        }
        json.field("created_at", contact.createdAt)
        json.field("updated_at", contact.updatedAt)
    }
}
