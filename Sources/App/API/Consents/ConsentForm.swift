import Core
import Domain
import Text

/// A grant or withdrawal as an API client reports it.
struct ConsentForm: Sendable {
    enum Person: Sendable {
        case contact(ID)
        case phone(String, raw: String, country: String?)
    }

    let person: Person
    let statement: ConsentStatement

    static let schema = Schema.object([
        .optional("contact_id", .nullable(.id)), .optional("phone", .optional(100)),
        .optional("country", .country), .required("purpose", .choice(Purpose.consentable.map(\.rawValue))),
        .required("action", .choice(["grant", "withdraw"])), .optional("source", .optional(100)),
        .optional(
            "wording",
            .nullable(
                .object([
                    .required("text", .sent(1...10_000)), .optional("version", .optional(100)),
                    .optional("language", .optional(35)),
                ]))),
        .optional("page_url", .optional(2000)), .optional("at", .nullable(.time)),
    ])
    static let example = #"""
        {"phone":"+1 202 555 0142","purpose":"marketing","action":"grant","source":"newsletter form",\#
        "wording":{"text":"Yes, send me offers by WhatsApp.","version":"1","language":"en"}}
        """#

    private enum Action: String, CaseIterable { case grant, withdraw }

    /// - Throws: `Refusal` 422 that names every wrong field.
    init(_ json: JSON, site: String, actor: String, now: Timestamp) throws {
        var fields = Fields()
        let id = fields.id(json["contact_id"])
        let country = fields.country(json["country"])
        let phone = fields.phone(json["phone"], countries: [country, site])
        if id == nil, phone == nil, fields.errors.isEmpty {
            fields.reject("contact_id", "required", "Send a contact_id or a phone.")
        }
        let wording = json["wording"]
        if wording.exists, !wording.isNull, wording.object == nil {
            fields.reject(wording, "invalid", "Send the wording as an object.")
        }
        let text = wording.object == nil ? nil : fields.text(wording["text"], most: 10_000)
        let at = fields.timeOrNil(json["at"])
        if let at, at > now + .minutes(5) { fields.reject("at", "invalid", "This time has not come yet.") }
        statement = ConsentStatement(
            purpose: fields.purpose(json["purpose"], among: Purpose.consentable),
            action: fields.choice(json["action"], Action.self) == .grant ? .grant : .withdraw, at: at ?? now,
            source: fields.textOrNil(json["source"], most: 100) ?? "api",
            wording: text.map {
                .init(
                    text: $0, version: fields.textOrNil(wording["version"], most: 100),
                    language: fields.textOrNil(wording["language"], most: 35))
            },
            pageURL: fields.textOrNil(json["page_url"], most: 2000), actor: actor)
        person =
            id.map(Person.contact) ?? .phone(phone ?? "", raw: json["phone"].stringOrNumber ?? "", country: country)
        try fields.finish()
    }
}
