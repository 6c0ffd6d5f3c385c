import Domain
import Core
import PluginKit
import Templating

/// What the checkout shows: the form as typed, what is wrong with it, and what is being bought.
struct CheckoutModel: TemplateModel, FormPage {
    var cart: Cart
    var items: [CartLine]
    var total: Money
    var form: CheckoutForm
    var consent: ConsentWords
    var prices: [ShippingMethod: Money]
    /// By the names that people read, from A to Z.
    var countries: [String]
    /// Messages go to the phone of the admin, and to nobody outside.
    var isSandbox: Bool
    var formErrors: [FormError] = []

    static let fields: [Field<Self>] = [
        .integer("cartCount") { $0.cart.count }, .list("items", CartLine.self) { $0.items },
        .money("total") { $0.total }, .text("attempt") { $0.form.attempt }, .text("firstName") { $0.form.firstName },
        .text("lastName") { $0.form.lastName }, .text("phone") { $0.form.phone }, .text("email") { $0.form.email },
        .word("firstNameError") { $0.error("first_name") }, .word("lastNameError") { $0.error("last_name") },
        .word("phoneError") { $0.error("phone") }, .word("emailError") { $0.error("email") },
        .word("countryError") { $0.error("country") }, .word("consentError") { $0.error("consent") },
        .flag("needsCountry") { $0.form.country.isEmpty }, .flag("isSandbox") { $0.isSandbox },
        .list("countries", Choice.self) { model in
            model.countries.map {
                Choice(value: $0, label: Countries.word($0), isChosen: $0 == model.form.country)
            }
        },
        .list("payments", Choice.self) { model in
            PaymentMethod.allCases.map {
                Choice(value: $0.rawValue, label: $0.word, isChosen: $0 == model.form.payment)
            }
        },
        .list("shippings", Choice.self) { model in
            ShippingMethod.allCases.map {
                Choice(
                    value: $0.rawValue, label: $0.word, isChosen: $0 == model.form.shipping,
                    price: $0.price == 0 ? nil : model.prices[$0])
            }
        },
        .list("consents", Box.self) { model in
            model.consent.sentences.map {
                Box(id: $0.purpose.rawValue, wording: $0.text, isTicked: model.form.agreed.contains($0.purpose))
            }
        },
        .text("wordingVersion") { $0.consent.version },
    ]

    private func error(_ field: String) -> Word? { formErrors.first { $0.field == field }?.message }

    /// One of several: a country, a way to pay, a way to travel.
    struct Choice: TemplateModel {
        var value: String
        var label: Word
        var isChosen: Bool
        var price: Money?

        static let fields: [Field<Self>] = [
            .text("value") { $0.value }, .word("label") { $0.label }, .flag("chosen") { $0.isChosen },
            .flag("costs") { $0.price != nil }, .money("price") { $0.price },
        ]
    }

    /// A consent with its sentence.
    struct Box: TemplateModel {
        var id: String
        var wording: String
        var isTicked: Bool

        static let fields: [Field<Self>] = [
            .text("id") { $0.id }, .text("wording") { $0.wording }, .flag("checked") { $0.isTicked },
        ]
    }
}
