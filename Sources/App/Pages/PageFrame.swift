import PluginKit
import Store
import Templating

/// What every page shows around its own content: the layout's fields under `page`.
struct PageFrame: TemplateModel {
    var page: Page

    static let fields: [Field<Self>] = [.object("page", Page.self) { $0.page }]

    struct Page: TemplateModel {
        var lang = "en"
        var dir = "ltr"
        var theme = "system"
        var siteName = ""
        var csrf = ""
        var personName = ""
        var roleWord = Word("role.viewer")
        var search = ""
        var house = House.sandbox
        var held: Held?
        var nav: [NavGroup] = []
        /// None but the plugins of the core run.
        var isSafeMode = false
        var notice: Notice?
        var errors: [FormError] = []

        static let fields: [Field<Self>] = [
            .text("lang") { $0.lang }, .text("dir") { $0.dir }, .text("theme") { $0.theme },
            .text("siteName") { $0.siteName }, .text("csrf") { $0.csrf },
            .text("personName") { $0.personName },
            .word("roleWord") { $0.roleWord }, .text("search") { $0.search }, .text("houseTone") { $0.house.tone },
            .object("held", Held.self) { $0.held },
            .word("houseWord") { Word($0.house.word) }, .word("houseHelp") { Word($0.house.word + "_help") },
            .list("nav", NavGroup.self) { $0.nav }, .flag("safeMode") { $0.isSafeMode },
            .object("notice", Notice.self) { $0.notice },
            .flag("failed") { !$0.errors.isEmpty },
            .list("errors", ErrorRow.self) { $0.errors.map(ErrorRow.init) },
        ]
    }

    /// Where messages go at this moment, as every page says it.
    enum House {
        case sandbox, paused, notSetUp, live, held

        var tone: String {
            switch self {
            case .sandbox: "info"
            case .paused, .notSetUp: "warning"
            case .held: "bad"
            case .live: "good"
            }
        }

        var word: String { "house." + id }

        /// The end of a word that is another where messages do not go to people; empty where they do.
        var ending: String { self == .live ? "" : "_" + id }

        private var id: String {
            switch self {
            case .sandbox: "sandbox"
            case .paused: "paused"
            case .notSetUp: "not_set_up"
            case .live: "live"
            case .held: "held"
            }
        }
    }

    /// The word on every page of a database that may be a copy, or is one.
    struct Held: TemplateModel {
        var hold: InstanceHold
        /// Messages go to a channel of this house meanwhile.
        var sendsInside: Bool
        var isOwner: Bool

        private var word: String { hold.isMoved ? "held.moved" : hold.isKept ? "held.copy" : "held.asks" }

        static let fields: [Field<Self>] = [
            .text("tone") { $0.hold.isKept ? "info" : "bad" },
            .word("text") { Word($0.word + ($0.sendsInside ? "_inside" : "")) },
            .word("link") { Word($0.word + "_link") },
            .flag("owner") { $0.isOwner }, .flag("asks") { !$0.hold.isKept && !$0.hold.isMoved },
        ]
    }

    struct NavGroup: TemplateModel {
        var title: Word
        var items: [NavItem]

        static let fields: [Field<Self>] = [.word("title") { $0.title }, .list("items", NavItem.self) { $0.items }]
    }

    struct NavItem: TemplateModel {
        var href: String
        var label: Word
        var current: Bool
        /// How many things there need a person.
        var needs: Int?

        static let fields: [Field<Self>] = [
            .text("href") { $0.href }, .word("label") { $0.label }, .flag("current") { $0.current },
            .integer("needs") { $0.needs },
        ]
    }

    struct Notice: TemplateModel {
        var tone: String
        var text: Word

        static let fields: [Field<Self>] = [.text("tone") { $0.tone }, .word("text") { $0.text }]
    }

    struct ErrorRow: TemplateModel {
        let error: FormError

        static let fields: [Field<Self>] = [
            .text("field") { $0.error.field }, .word("message") { $0.error.message },
        ]
    }
}
