import Core
import Crypto
import Domain
import HTTP
import PluginKit
import Templating

/// The checkout as a person filled it in.
struct CheckoutForm: Sendable {
    /// Names one filling-in of the form: sent twice, it is still one order.
    var attempt = Token.make().reveal()
    var firstName = ""
    var lastName = ""
    var email = ""
    var phone = ""
    var country = ""
    var payment = PaymentMethod.card
    var shipping = ShippingMethod.post
    var agreed: Set<Purpose> = []
    var wordingVersion = ""

    private static let longest = 100

    /// An empty form for a visitor of the site's country.
    init(country: String) { self.country = Countries.all.contains(country) ? country : "" }

    init(_ form: Form) {
        if let sent = form["attempt"], Token.isWellFormed(sent) { attempt = sent }
        firstName = form.line("first_name")
        lastName = form.line("last_name")
        email = form.line("email")
        phone = form.line("phone")
        country = form.line("country")
        payment = form["payment"].flatMap(PaymentMethod.init) ?? .card
        shipping = form["shipping"].flatMap(ShippingMethod.init) ?? .post
        agreed = Set(Purpose.consentable.filter { form["consent.\($0.rawValue)"] == "true" })
        wordingVersion = form["wording_version"] ?? ""
    }

    /// What is wrong, in the order of the fields.
    func problems(_ contacts: any Contacts) -> [FormError] {
        [
            FormError.unless(named(firstName), "first_name", firstName.isEmpty ? "error_first_name" : "error_long"),
            FormError.unless(named(lastName), "last_name", lastName.isEmpty ? "error_last_name" : "error_long"),
            FormError.unless(Countries.all.contains(country), "country", "error_country"),
            phoneProblem(contacts),
            FormError.unless(email.isEmpty || isAddress(email), "email", "error_email"),
        ].compactMap { $0 }
    }

    private func named(_ name: String) -> Bool { (1...Self.longest).contains(name.count) }

    private func phoneProblem(_ contacts: any Contacts) -> FormError? {
        if phone.isEmpty { return FormError("phone", Word("demoshop.error_phone")) }
        switch contacts.readPhone(phone, countries: [country].filter { !$0.isEmpty }) {
        case .success: return nil
        case .failure(let why): return FormError("phone", Word(why.problem))
        }
    }

    /// Whether a mail could go there at all; only sending one would tell more.
    private func isAddress(_ text: String) -> Bool {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        return halves.count == 2 && !halves[0].isEmpty && halves[1].contains(".") && !halves[1].hasPrefix(".")
            && !halves[1].hasSuffix(".") && text.utf8.count <= 254 && !text.contains(" ")
    }
}

extension FormError {
    fileprivate static func unless(_ isRight: Bool, _ field: String, _ word: String) -> FormError? {
        isRight ? nil : FormError(field, Word("demoshop.\(word)"))
    }
}
