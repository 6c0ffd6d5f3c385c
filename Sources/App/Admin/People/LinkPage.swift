import Domain
import Core
import Crypto
import Database
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/link`: where a one-time link leads: somebody who was invited chooses a name and password, somebody who lost
/// theirs a new password.
struct LinkPage: Sendable {
    struct Model: TemplateModel, FormPage {
        var token = ""
        var link: AccountLink?
        var name = ""
        var nameError: Word?
        var passwordError: Word?

        static let fields: [Field<Self>] = [
            .flag("usable") { $0.link != nil }, .text("token") { $0.token }, .text("email") { $0.link?.email },
            .flag("invited") { $0.link != nil && $0.link?.userID == nil },
            .word("role") { $0.link.map { Word("role." + $0.role.rawValue) } },
            .word("roleHelp") { $0.link.map { Word("role.\($0.role.rawValue)_help") } },
            .text("name") { $0.name }, .word("nameError") { $0.nameError },
            .word("passwordError") { $0.passwordError },
        ]

        var formErrors: [FormError] {
            [nameError.map { FormError("name", $0) }, passwordError.map { FormError("password", $0) }]
                .compactMap { $0 }
        }
    }

    private static let path = "/admin/link"

    private let host: Host
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        page = try pages.open("admin/link", Model.self)
    }

    /// The link as it is handed on: built from the public address, never from what a request says.
    static func address(of token: Token, _ host: Host) -> String {
        host.site.publicURL + path + "?token=" + token.reveal()
    }

    var routes: [Route] {
        [
            Route(.get, Self.path, .public, bodyLimit: 0) { request, context in
                let model = try model(request.query["token"] ?? "")
                return try page.respond(model, model.link == nil ? 404 : 200, request, context)
            },
            Route(.post, Self.path, .public, bodyLimit: 16 << 10) { request, context in
                try post(request, context)
            },
        ]
    }

    private func model(_ token: String) throws -> Model {
        let now = host.clock.now()
        let link = try host.database.read { tx in
            try AccountLinksTable.find(tokenHash: Token.hash(of: token), now: now, in: tx)
        }
        return Model(token: token, link: link)
    }

    private func post(_ request: Request, _ context: Context) throws -> Response {
        var model = try model(request.form["token"] ?? "")
        guard let link = model.link else { return try page.respond(model, 404, request, context) }
        let password = request.form["password"] ?? ""
        model.passwordError = AccountRules.problem(password: password)
        if link.userID == nil {
            model.name = request.form["name"]?.trimmingSpaces ?? ""
            model.nameError = AccountRules.problem(name: model.name)
        }
        guard model.formErrors.isEmpty else { return try page.respond(model, 422, request, context) }
        let hash = try host.passwords.hash(Secret(password))
        guard let id = link.userID else { return try welcome(link, model.name, hash, request, context) }
        return try renew(id, link, hash, request, context)
    }

    private func welcome(
        _ link: AccountLink, _ name: String, _ hash: String, _ request: Request, _ context: Context
    ) throws -> Response {
        let now = host.clock.now()
        let user = User(
            id: ID.make(at: now), email: link.email, name: name, role: link.role, passwordHash: hash, createdAt: now)
        let isMade = try host.database.write { tx in
            guard try AccountLinksTable.use(link.id, in: tx), try UsersTable.add(user, in: tx) else { return false }
            try Self.note("user.joined", user.id, link, at: now, in: tx)
            return true
        }
        guard isMade else { return try page.respond(Model(), 404, request, context) }
        var response = Flash.redirect(to: "/admin", "good", "notice.welcome", context)
        response.set(try SignIn(host).begin(user, request, context))
        return response
    }

    /// The link stands for the password alone: who has a second factor still gives its code at the sign-in.
    private func renew(
        _ user: ID, _ link: AccountLink, _ hash: String, _ request: Request, _ context: Context
    ) throws -> Response {
        let now = host.clock.now()
        let isDone = try host.database.write { tx in
            guard try AccountLinksTable.use(link.id, in: tx) else { return false }
            try UsersTable.setPassword(hash, of: user, in: tx)
            try Self.note("user.password_changed", user, link, at: now, in: tx)
            return true
        }
        guard isDone else { return try page.respond(Model(), 404, request, context) }
        return Flash.redirect(to: "/admin/login", "good", "notice.password_set", context)
    }

    private static func note(
        _ action: String, _ user: ID, _ link: AccountLink, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try AuditTable.add(
            AuditEntry(
                id: ID.make(at: now), at: now, actor: link.email, action: action, subject: "user:\(user)",
                data: ["email": link.email, "role": link.role.rawValue]),
            in: tx)
    }
}
