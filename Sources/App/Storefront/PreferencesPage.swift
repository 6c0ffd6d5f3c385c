import Core
import Crypto
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import Templating

/// `/u/{token}`: what a customer wants to hear about. The token is the secret and logs nobody in; GET only looks.
struct PreferencesPage: Sendable {
    struct Model: TemplateModel {
        var siteURL: String?
        var isSaved: Bool
        var purposes: [Switch]

        static let fields: [Field<Self>] = [
            .text("siteURL") { $0.siteURL }, .flag("saved") { $0.isSaved },
            .flag("allOff") { !$0.purposes.contains(where: \.isOn) }, .list("purposes", Switch.self) { $0.purposes },
        ]
    }

    struct Switch: TemplateModel {
        var purpose: Purpose
        var isOn: Bool

        static let fields: [Field<Self>] = [
            .text("id") { $0.purpose.rawValue }, .word("label") { Word("purpose." + $0.purpose.rawValue) },
            .word("help") { Word("purpose.\($0.purpose.rawValue)_help") }, .flag("on") { $0.isOn },
        ]
    }

    struct GoneModel: TemplateModel {
        var siteURL: String?

        static let fields: [Field<Self>] = [.text("siteURL") { $0.siteURL }]
    }

    private let host: Host
    private let page: PreparedPage<Model>
    private let gone: PreparedPage<GoneModel>

    init(_ host: Host, _ renderer: PageRenderer) throws {
        self.host = host
        page = try renderer.open("public/preferences", Model.self)
        gone = try renderer.open("public/not-found", GoneModel.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/u/{token}", .public, bodyLimit: 0, handler: show),
            Route(.post, "/u/{token}", .public, bodyLimit: 16 << 10, handler: save),
        ]
    }

    private func show(_ request: Request, _ context: Context) throws -> Response {
        guard let contact = try person(context) else { return try notFound(request, context) }
        let states = try host.database.read { tx in try ConsentStatesTable.all(of: contact, in: tx) }
        let model = Model(
            siteURL: siteURL, isSaved: request.query["saved"] != nil,
            purposes: Purpose.consentable.map { Switch(purpose: $0, isOn: isOn($0, states[$0]?.state)) })
        return try page.respond(model, 200, request, context)
    }

    private func save(_ request: Request, _ context: Context) throws -> Response {
        guard let contact = try person(context) else { return try notFound(request, context) }
        let isOneClick = Self.isOneClick(request)
        let isStop = isOneClick || request.form["all"] == "off"
        let states = try host.database.read { tx in try ConsentStatesTable.all(of: contact, in: tx) }
        let now = host.clock.now()
        let said = choices(request, isOneClick: isOneClick).sorted { $0.key.rawValue < $1.key.rawValue }
            .compactMap { purpose, choice -> ConsentStatement? in
                let state = states[purpose]?.state
                // A stop is put on record also where nothing was ever said.
                guard isStop ? state != .withdrawn : choice != isOn(purpose, state) else { return nil }
                return ConsentStatement(
                    purpose: purpose, action: choice ? .grant : .withdraw, at: now, source: "link",
                    ipAddress: context.clientAddress.description,
                    userAgent: request.headers["User-Agent"].map { String($0.prefix(500)) })
            }
        if !said.isEmpty { _ = try host.consents.record(said, by: contact) }
        return isOneClick ? .empty(200) : .redirect(to: request.path + "?saved=1")
    }

    /// Whose page it is; nil for a token that is unknown or has expired.
    private func person(_ context: Context) throws -> ID? {
        guard let token = context.parameters["token"], Token.isWellFormed(token) else { return nil }
        let (now, tokens) = (host.clock.now(), PreferenceTokens(keys: host.keys))
        return try host.database.read { tx in
            try tokens.contact(for: token, now: now, in: tx).flatMap { try ContactsTable.find($0, in: tx)?.id }
        }
    }

    private func notFound(_ request: Request, _ context: Context) throws -> Response {
        try gone.respond(GoneModel(siteURL: siteURL), 404, request, context)
    }

    /// Where nothing was said, the switch stands as messages do.
    private func isOn(_ purpose: Purpose, _ state: ConsentState?) -> Bool {
        switch state ?? .none {
        case .granted: return true
        case .withdrawn: return false
        case .none: return purpose.isTransactional && host.settings[MessagingSettings.ordersConsent] != "required"
        }
    }

    /// The form sends each purpose as false, then true when its switch is on.
    private func choices(_ request: Request, isOneClick: Bool) -> [Purpose: Bool] {
        if isOneClick { return [.carts: false, .marketing: false] }
        let form = request.form
        if form["all"] == "off" { return Dictionary(uniqueKeysWithValues: Purpose.consentable.map { ($0, false) }) }
        var choices: [Purpose: Bool] = [:]
        for purpose in Purpose.consentable {
            if let last = form.all(purpose.rawValue).last { choices[purpose] = last == "true" }
        }
        return choices
    }

    /// RFC 8058: mail programs send this field alone, as a form of either kind.
    private static func isOneClick(_ request: Request) -> Bool {
        if request.form["List-Unsubscribe"] == "One-Click" { return true }
        guard request.contentType == "multipart/form-data" else { return false }
        let body = String(decoding: request.body, as: UTF8.self)
        return body.contains("name=\"List-Unsubscribe\"") && body.contains("One-Click")
    }

    private var siteURL: String? { host.site.url.isEmpty ? nil : host.site.url }
}
