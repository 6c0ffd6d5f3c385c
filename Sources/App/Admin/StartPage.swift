import Domain
import Core
import Crypto
import Database
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/start`: the owner's account, by the one-time link that the server prints while nobody has one.
struct StartPage: Sendable {
    struct Model: TemplateModel, FormPage {
        var usable = true
        var token = ""
        var email = ""
        var siteName = ""
        var emailError: Word?
        var passwordError: Word?
        var siteNameError: Word?

        static let fields: [Field<Self>] = [
            .flag("usable") { $0.usable }, .text("token") { $0.token }, .text("email") { $0.email },
            .text("siteName") { $0.siteName }, .word("emailError") { $0.emailError },
            .word("passwordError") { $0.passwordError }, .word("siteNameError") { $0.siteNameError },
        ]

        var formErrors: [FormError] {
            [
                siteNameError.map { FormError("site_name", $0) }, emailError.map { FormError("email", $0) },
                passwordError.map { FormError("password", $0) },
            ].compactMap { $0 }
        }
    }

    private let host: Host
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        page = try pages.open("admin/start", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/start", .public, bodyLimit: 0) { request, context in
                let token = request.query["token"] ?? ""
                let name = host.settings.stored(HostSettings.siteName.key) == nil ? "" : host.site.name
                let model = Model(usable: try isOpen(token), token: token, siteName: name)
                return try page.respond(model, model.usable ? 200 : 404, request, context)
            },
            Route(.post, "/admin/start", .public, bodyLimit: 16 << 10) { request, context in
                try post(request, context)
            },
        ]
    }

    private func isOpen(_ token: String) throws -> Bool {
        let now = host.clock.now()
        return try host.database.read { tx in
            try StartLinksTable.isOpen(tokenHash: Token.hash(of: token), now: now, in: tx)
        }
    }

    private func post(_ request: Request, _ context: Context) throws -> Response {
        let form = request.form
        var model = Model(
            token: form["token"] ?? "", email: form["email"]?.trimmingSpaces ?? "",
            siteName: form["site_name"]?.trimmingSpaces ?? "")
        guard try isOpen(model.token) else {
            return try page.respond(Model(usable: false), 404, request, context)
        }
        let password = form["password"] ?? ""
        model.emailError = AccountRules.problem(email: model.email)
        model.passwordError = AccountRules.problem(password: password)
        if model.siteName.isEmpty { model.siteNameError = Word("problem.required") }
        if model.siteName.count > 100 { model.siteNameError = Word("problem.too_long", ["maximum": .number(100)]) }
        guard model.formErrors.isEmpty else { return try page.respond(model, 422, request, context) }

        let now = host.clock.now()
        let user = User(
            id: ID.make(at: now), email: model.email, name: "", role: .owner,
            passwordHash: try host.passwords.hash(Secret(password)), createdAt: now)
        let (token, siteName) = (Token.hash(of: model.token), model.siteName)
        let made = try host.database.write { tx in
            guard try StartLinksTable.use(tokenHash: token, at: now, in: tx) else { return false }
            guard try UsersTable.add(user, in: tx) else { return false }
            try SettingsTable.set(HostSettings.siteName.key, to: .plain(siteName), at: now, in: tx)
            let entry = AuditEntry(
                id: ID.make(at: now), at: now, actor: user.email, action: "user.added", subject: user.email,
                data: ["role": user.role.rawValue])
            try AuditTable.add(entry, in: tx)
            return true
        }
        guard made else { return try page.respond(Model(usable: false), 404, request, context) }
        try host.settings.reload()
        var response = Response.redirect(to: "/admin")
        response.set(try SignIn(host).begin(user, request, context))
        return response
    }
}
