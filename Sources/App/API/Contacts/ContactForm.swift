import Core
import Domain
import Localization
import Store
import Text

/// What a call says of a contact: only the fields that it names, null for those to be emptied.
struct ContactForm: Sendable {
    static let schema = Schema.object([
        .optional("phone", .optional(100)), .optional("country", .country), .optional("bsuid", .optional(200)),
        .optional("email", .optional(254)), .optional("first_name", .optional(200)),
        .optional("last_name", .optional(200)), .optional("locale", .optional(35)),
        .optional("timezone", .optional(60)), .optional("tags", .nullable(.list(.sent(1...100), most: mostTags))),
        .optional("custom", .nullable(.map(.optional(2000)))),
    ])
    static let example = #"{"phone":"+1 202 555 0143","first_name":"Ada","country":"US","tags":["wholesale"]}"#

    private static let mostTags = 100
    private let change: @Sendable (inout Contact) -> Void

    /// - Parameters:
    ///   - known: the country of the contact that is edited, which reads a phone without `+` unless a new one is told.
    ///   - site: the site's country.
    ///   - isNew: a new contact needs a phone or a user id.
    /// - Throws: `Refusal` 422 that names every wrong field.
    init(_ json: JSON, known: String? = nil, site: String, isNew: Bool) throws {
        var fields = Fields()
        var changes: [@Sendable (inout Contact) -> Void] = []
        func set<Value: Sendable>(
            _ name: String, _ place: any WritableKeyPath<Contact, Value> & Sendable, _ read: (JSON) -> Value
        ) {
            guard json[name].exists else { return }
            let value = read(json[name])
            changes.append { $0[keyPath: place] = value }
        }
        let country = fields.country(json["country"])
        set("country", \.country) { _ in country }
        set("bsuid", \.bsuid) { fields.textOrNil($0, most: 200) }
        set("email", \.email) { Self.email($0, &fields) }
        set("first_name", \.firstName) { fields.textOrNil($0, most: 200) ?? "" }
        set("last_name", \.lastName) { fields.textOrNil($0, most: 200) ?? "" }
        set("locale", \.locale) { fields.textOrNil($0, most: 35) }
        set("timezone", \.timeZone) { Self.zone($0, &fields) }
        set("tags", \.tags) { Self.tags($0, &fields) }
        set("custom", \.custom) { Self.custom($0, &fields) }
        let phone = fields.phone(json["phone"], countries: [country ?? known, site])
        if json["phone"].exists {
            let raw = json["phone"].stringOrNumber ?? ""
            changes.append { contact in
                contact.phone = phone
                contact.phoneRaw = raw
                contact.phoneProblem = nil
            }
        }
        let namesNobody = json["phone"].stringOrNumber?.isEmpty ?? true && json["bsuid"].string?.isEmpty ?? true
        if isNew, namesNobody { fields.reject("phone", "required", "Send a phone or a bsuid.") }
        try fields.finish()
        change = { [changes] contact in for change in changes { change(&contact) } }
    }

    func apply(to contact: inout Contact) { change(&contact) }

    private static func email(_ json: JSON, _ fields: inout Fields) -> String? {
        guard let email = fields.textOrNil(json, most: 254) else { return nil }
        let parts = email.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), !email.contains(where: \.isWhitespace)
        else {
            fields.reject(json, "invalid", "Send an address like ana@example.com.")
            return nil
        }
        return email
    }

    private static func zone(_ json: JSON, _ fields: inout Fields) -> String? {
        guard let name = fields.textOrNil(json, most: 60) else { return nil }
        guard Zone(name) != nil else {
            fields.reject(json, "unknown", "Send an IANA time zone like Europe/Madrid.")
            return nil
        }
        return name
    }

    /// Each once, in the order given.
    private static func tags(_ json: JSON, _ fields: inout Fields) -> [String] {
        guard !json.isNull else { return [] }
        guard let list = json.array, list.count <= mostTags else {
            fields.reject(json, "invalid", "Send a list of at most \(mostTags) texts.")
            return []
        }
        var tags: [String] = []
        for tag in list.map({ fields.text($0, most: 100) }) where !tags.contains(tag) { tags.append(tag) }
        return tags
    }

    private static func custom(_ json: JSON, _ fields: inout Fields) -> [String: String] {
        guard !json.isNull else { return [:] }
        guard let pairs = json.object, pairs.count <= mostTags else {
            fields.reject(json, "invalid", "Send an object of at most \(mostTags) texts.")
            return [:]
        }
        var custom: [String: String] = [:]
        for (name, value) in pairs { custom[name] = fields.textOrNil(value, most: 2000) ?? "" }
        return custom
    }
}
