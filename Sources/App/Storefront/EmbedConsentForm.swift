import Core
import Domain
import Text

/// What a customer chose in the consent box, as the script sends it.
struct EmbedConsentForm: Sendable {
    /// An order of the shop with its secret word, which proves that the caller saw its last page.
    struct OrderProof: Sendable {
        var shop: String
        var id: String
        var key: String
    }

    /// E.164; nil when none was typed, or it cannot be read: the answer must not say which.
    let phone: String?
    let phoneRaw: String?
    let country: String?
    let email: String?
    let order: OrderProof?
    let choices: [Purpose: Bool]
    let wordingVersion: String?
    let language: String?
    let page: String?
    /// The sentence as the page showed it, where the page has its own.
    let wording: String?

    /// - Throws: `Refusal` 422 for a body of another shape; never for what it says of a person.
    init(_ json: JSON, host: Host) throws {
        var fields = Fields()
        phoneRaw = fields.textOrNil(json["phone"], most: 100)
        country = Self.country(json["country"])
        email = fields.textOrNil(json["email"], most: 254)
        wordingVersion = fields.textOrNil(json["wording_version"], most: 100)
        language = fields.textOrNil(json["language"], most: 35)
        page = fields.textOrNil(json["page"], most: 2000)
        wording = fields.textOrNil(json["wording"], most: 10_000)
        var choices: [Purpose: Bool] = [:]
        if json["choices"].object == nil { fields.reject(json["choices"], "required", "Send an object of purposes.") }
        for (name, value) in json["choices"].object ?? [] {
            let purpose = Purpose(rawValue: name)
            guard Purpose.consentable.contains(purpose), let choice = value.bool else {
                fields.reject(value, "invalid", "Send true or false for a purpose there is.")
                continue
            }
            choices[purpose] = choice
        }
        self.choices = choices
        let order = json["order"]
        if let id = fields.textOrNil(order["id"], most: 100), let key = fields.textOrNil(order["key"], most: 200) {
            let shop = fields.textOrNil(order["shop"], most: 100) ?? "woocommerce"
            self.order = OrderProof(shop: shop, id: id, key: key)
        } else {
            self.order = nil
        }
        try fields.finish()
        let countries = [country, host.site.country].compactMap { $0 }
        if let phoneRaw, case .success(let number) = PhoneNumber.read(phoneRaw, countries: countries) {
            phone = number.e164
        } else {
            phone = nil
        }
    }

    /// What is no country's code is passed over.
    private static func country(_ json: JSON) -> String? {
        guard let code = json.string?.uppercased(), code.utf8.count == 2,
            code.utf8.allSatisfy({ (65...90).contains($0) })
        else { return nil }
        return code
    }
}
