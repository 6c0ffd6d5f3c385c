import Core
import Domain
import PluginKit
import Store
import Templating

/// What `Templates/admin/contact` shows.
struct ContactModel: TemplateModel, FormPage {
    /// A form that came back.
    struct Typed {
        var purpose: Purpose
        var reason: String
        var error: Word

        /// What is wrong with a reason, if anything is.
        static func problem(with reason: String) -> Word? {
            if reason.isEmpty { return Word("problem.required") }
            if reason.count > 500 { return Word("problem.too_long", ["maximum": .number(500)]) }
            let isLine = reason.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
            return isLine ? nil : Word("problem.one_line")
        }
    }

    let contact: Contact
    let display: PhoneDisplay
    let name: String
    var canWrite: Bool
    var consents: [ConsentRow] = []
    var history: [TrailLine] = []
    var orders: [OrderRow] = []
    var messages: [MessageRow] = []
    var hasMore = false
    var panels: [PanelCard] = []

    var formErrors: [FormError] {
        consents.compactMap { row in row.typed.map { FormError("reason-\(row.purpose.rawValue)", $0.error) } }
    }

    static let fields: [Field<Self>] = [
        .id("id") { $0.contact.id }, .text("name") { $0.name },
        .text("phone") { model in (model.contact.phone ?? model.contact.bsuid).map(model.display.phone) },
        .text("phoneRaw") { model in model.contact.phoneRaw.nonEmpty.map(model.display.phone) },
        .word("phoneProblem") { $0.contact.phoneProblem.map { Word($0) } },
        .text("email") { model in model.contact.email.map(model.display.email) },
        .text("country") { $0.contact.country }, .text("language") { $0.contact.locale },
        .time("createdAt") { $0.contact.createdAt }, .flag("canWrite") { $0.canWrite },
        .list("consents", ConsentRow.self) { $0.consents }, .flag("hasHistory") { !$0.history.isEmpty },
        .list("history", TrailLine.self) { $0.history }, .flag("hasOrders") { !$0.orders.isEmpty },
        .list("orders", OrderRow.self) { $0.orders }, .flag("hasMessages") { !$0.messages.isEmpty },
        .list("messages", MessageRow.self) { $0.messages }, .flag("hasMore") { $0.hasMore },
        .list("panels", PanelCard.self) { $0.panels },
    ]

    /// How the person stands to one purpose, and the form that puts a word of theirs on record.
    struct ConsentRow: TemplateModel {
        let purpose: Purpose
        var state: ConsentState
        var detail: String?
        var wording: String?
        var typed: Typed?

        static let fields: [Field<Self>] = [
            .text("purpose") { $0.purpose.rawValue }, .word("purposeWord") { Word("purpose." + $0.purpose.rawValue) },
            .word("purposeHelp") { Word("purpose.\($0.purpose.rawValue)_help") },
            .object("state", Pill.self) { ConsentWords.pill($0.state) }, .text("detail") { $0.detail },
            .text("wording") { $0.wording }, .flag("granted") { $0.state == .granted },
            .text("reason") { $0.typed?.reason }, .word("error") { $0.typed?.error },
        ]

        init(
            _ purpose: Purpose, _ history: ConsentHistory, _ details: [ConsentsTable.KeptDetail],
            _ words: any TemplateWords, typed: Typed?
        ) {
            self.purpose = purpose
            self.typed = typed
            let standing = history.standings[purpose]
            state = standing?.state ?? .none
            detail = standing.map { ConsentWords(words).detail($0) }
            wording = details.first { $0.consentID == standing?.consentID && $0.detail == .wording }?.value
        }
    }

    struct OrderRow: TemplateModel {
        let stored: StoredOrder
        let status: OrderStatusPill

        init(_ stored: StoredOrder, _ words: any TemplateWords) {
            self.stored = stored
            status = OrderStatusPill(stored.order.status, words)
        }

        static let fields: [Field<Self>] = [
            .id("id") { $0.stored.id }, .text("number") { $0.stored.order.number },
            .time("at") { $0.stored.order.createdAt }, .object("status", OrderStatusPill.self) { $0.status },
            .money("total") { $0.stored.order.total },
        ]
    }
}
