import Core
import Domain
import HTTP
import PluginKit
import Templating

/// `/admin/login` and `/admin/logout`.
struct SignInPages: Sendable {
    struct Model: TemplateModel, FormPage {
        var email = ""
        var next = "/admin"
        var emailError: Word?
        var passwordError: Word?

        static let fields: [Field<Self>] = [
            .text("email") { $0.email }, .text("next") { $0.next }, .word("emailError") { $0.emailError },
            .word("passwordError") { $0.passwordError },
        ]

        var formErrors: [FormError] {
            [emailError.map { FormError("email", $0) }, passwordError.map { FormError("password", $0) }].compactMap {
                $0
            }
        }
    }

    private let signIn: SignIn
    private let waiting: WaitWords
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        signIn = SignIn(host)
        waiting = WaitWords(host, pages)
        page = try pages.open("admin/login", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/login", .public, bodyLimit: 0) { request, context in
                if case .user = context.caller { return .redirect(to: "/admin") }
                return try page.respond(Model(next: Self.safe(request.query["next"])), 200, request, context)
            },
            Route(.post, "/admin/login", .public, bodyLimit: 16 << 10) { request, context in
                try post(request, context)
            },
            Route(.post, "/admin/logout", .role(.viewer), bodyLimit: 16 << 10) { _, context in
                var response = Response.redirect(to: "/admin/login")
                response.set(try signIn.end(context))
                return response
            },
        ]
    }

    private func post(_ request: Request, _ context: Context) throws -> Response {
        let form = request.form
        var model = Model(email: form["email"]?.trimmingSpaces ?? "", next: Self.safe(form["next"]))
        let password = Secret(form["password"] ?? "")
        if model.email.isEmpty { model.emailError = Word("problem.required") }
        if password.isEmpty { model.passwordError = Word("problem.required") }
        guard model.formErrors.isEmpty else { return try page.respond(model, 422, request, context) }
        switch try signIn.check(email: model.email, password: password, from: context.clientAddress) {
        case .user(let user):
            if try signIn.needsCode(user) {
                var response = Response.redirect(to: CodePage.path + "?next=" + URLEncoding.encode(model.next))
                response.set(try signIn.beginHalf(user, request, context))
                return response
            }
            var response = Response.redirect(to: model.next)
            response.set(try signIn.begin(user, request, context))
            return response
        case .wrong:
            model.passwordError = Word("login.refused")
            return try page.respond(model, 422, request, context)
        case .wait(let span):
            model.passwordError = waiting.word(span)
            return waiting.mark(try page.respond(model, 429, request, context), span)
        }
    }

    /// Only a place of the admin: nobody is sent elsewhere by a link to our sign-in page.
    static func safe(_ next: String?) -> String {
        guard let next, next == "/admin" || next.hasPrefix("/admin/") || next.hasPrefix("/admin?"),
            next.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return "/admin" }
        return next
    }
}
