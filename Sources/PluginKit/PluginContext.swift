package import Core
package import Domain
package import HTTP
package import SQL
package import Templating

/// All that a plugin can reach, each through a narrow door. A door that the plugin did not declare
/// (`PluginDeclaration.permissions`) refuses every call.
package struct PluginContext: Sendable {
    package let clock: any Clock
    package let log: Log
    package let settings: any SettingsReader
    package let settingsWriter: any SettingsWriter
    package let site: @Sendable () -> Site
    /// What messages leave by, as settings stand; nil while the chosen channel's plugin is off.
    package let channel: @Sendable () -> ChannelInUse?
    package let orders: any Orders
    package let contacts: any Contacts
    package let messages: any Messages
    package let templates: any ChannelTemplates
    package let deliveries: any Deliveries
    package let receipts: any Receipts
    package let news: any ShopNews
    package let jobs: any Jobs
    package let alerts: any Alerts
    package let tables: any Tables
    /// Calls only the hosts that the plugin declared.
    package let http: any HTTPClient
    package let pages: any Pages

    package init(
        clock: any Clock, log: Log, settings: any SettingsReader, settingsWriter: any SettingsWriter,
        site: @escaping @Sendable () -> Site, channel: @escaping @Sendable () -> ChannelInUse?, orders: any Orders,
        contacts: any Contacts, messages: any Messages, templates: any ChannelTemplates, deliveries: any Deliveries,
        receipts: any Receipts, news: any ShopNews, jobs: any Jobs, alerts: any Alerts, tables: any Tables,
        http: any HTTPClient, pages: any Pages
    ) {
        self.clock = clock
        self.log = log
        self.settings = settings
        self.settingsWriter = settingsWriter
        self.site = site
        self.channel = channel
        self.orders = orders
        self.contacts = contacts
        self.messages = messages
        self.templates = templates
        self.deliveries = deliveries
        self.receipts = receipts
        self.news = news
        self.jobs = jobs
        self.alerts = alerts
        self.tables = tables
        self.http = http
        self.pages = pages
    }
}

/// The channel chosen by `sending.channel`.
package struct ChannelInUse: Sendable {
    package var id: String
    package var abilities: ChannelAbilities

    package init(id: String, abilities: ChannelAbilities) {
        self.id = id
        self.abilities = abilities
    }
}

package protocol Orders: Sendable {
    /// Stores what the shop says now, finds what changed, and plans its messages; the same road that webhooks take.
    /// Consents said at the checkout are recorded for the person in the same transaction.
    @discardableResult func receive(_ order: Order, consents: [ConsentStatement]) throws -> StoredOrder
    func find(_ id: ID) throws -> StoredOrder?
    /// The latest first.
    func recent(limit: Int) throws -> [StoredOrder]
    /// Every status that an order is in, custom ones too.
    func statuses() throws -> [String]
    /// The shop wrote a note to the order's customer; whether and how it is sent is for the rules to say.
    func note(_ text: String, on order: ID) throws
    /// Forgets a shop that was only played with: its orders, their messages, and the people whom nothing but these
    /// orders made known. Their consents stay as evidence without a person.
    /// - Parameter actor: an admin's e-mail, or what else did it; it is on record in the audit log.
    func removeAll(shop: String, by actor: String) throws
}

package protocol Contacts: Sendable {
    func find(_ id: ID) throws -> ContactRef?
    func find(phone: String) throws -> ContactRef?
    /// How the person stands to each purpose.
    func consents(of id: ID) throws -> [Purpose: ConsentState]
    /// Reads a phone as typed, by the given countries and then the site's: E.164, or the problem's id.
    func readPhone(_ raw: String, countries: [String]) -> Result<String, PhoneUnreadable>
}

/// Why a phone cannot be messaged: a word of the catalogue (`phone.too_short`).
package struct PhoneUnreadable: Error, Sendable, Equatable {
    package var problem: String

    package init(_ problem: String) { self.problem = problem }
}

/// Why no test message is sent, in words for the one who asked.
package struct MessageRefusal: Error, Sendable, Equatable {
    package var word: Word

    package init(_ word: Word) { self.word = word }
}

package protocol Messages: Sendable {
    /// Puts drafts into the ledger at once; returns the ids of those that were new or revived.
    @discardableResult func plan(_ drafts: [MessageDraft]) throws -> [ID]
    /// A test message to any number, by the purpose `test`.
    /// - Throws: `MessageRefusal` where it would only lie there.
    func planTest(to phone: String, content: MessageContent) throws -> ID
    /// Whether free text may go to this person now through the channel in use.
    func freeTextAllowed(contactID: ID) throws -> Bool
}

package protocol ChannelTemplates: Sendable {
    func all(channel: String) throws -> [ChannelTemplate]
    /// Replaces what is known of the channel's templates.
    func store(_ templates: [ChannelTemplate], channel: String) throws
}

package protocol Deliveries: Sendable {
    /// Stores a verified webhook before it is answered. A body seen before (topic and bytes, 8 days) is ignored.
    /// - Returns: whether it is new.
    @discardableResult func store(
        endpoint: String, topic: String, headers: [(String, String)], body: [UInt8], lane: String?
    ) throws -> Bool
    /// Counts a refused call; nothing of it is kept but the time.
    func countRefusal(endpoint: String, reason: String)
}

package protocol Receipts: Sendable {
    func status(_ update: StatusUpdate) throws
    func received(_ message: InboundMessage) throws
}

/// The plugin's own tables, all of whose names begin with its id and an underscore.
package protocol Tables: Sendable {
    func read<T>(_ body: (any ReadTransaction) throws -> T) throws -> T
    func write<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) throws -> T
}

/// Renders the plugin's pages in the house's layout.
package protocol Pages: Sendable {
    /// Compiles `Templates/<name>.mustache` against its model, inside the admin's layout.
    /// Throws `TemplateError` with file, line and column.
    func admin<Model: TemplateModel>(_ name: String, _ model: Model.Type) throws -> PreparedPage<Model>
    /// The same for a page that anybody may see, without the admin's layout.
    func open<Model: TemplateModel>(_ name: String, _ model: Model.Type) throws -> PreparedPage<Model>
    /// A piece of a page, such as a panel, from `Templates/<name>.mustache` alone.
    func fragment<Model: TemplateModel>(_ name: String, _ model: Model.Type) throws -> PreparedFragment<Model>
    /// The words of a language (BCP 47), or of the nearest one there is.
    func words(locale: String) -> any TemplateWords
    /// A redirect (303) to a page of the admin that says `word` there, once; one of the catalogue's `notice.…`.
    func redirect(to path: String, saying word: String, _ context: Context) -> Response
}

/// What the address names is not there: answered 404, with the house's page for it.
package struct NotFound: Error, Sendable {
    package init() {}
}

/// A compiled page with what the layout needs around it.
package struct PreparedPage<Model: Sendable>: Sendable {
    /// - Parameters: the model, the status, the request and its context.
    package let respond: @Sendable (Model, Int, Request, Context) throws -> Response

    package init(respond: @escaping @Sendable (Model, Int, Request, Context) throws -> Response) {
        self.respond = respond
    }

    /// A GET route that answers with this page.
    package func route(
        _ path: String, _ access: Access, model: @escaping @Sendable (Request, Context) throws -> Model
    ) -> Route {
        Route(.get, path, access, bodyLimit: 0) { request, context in
            try respond(model(request, context), 200, request, context)
        }
    }
}
