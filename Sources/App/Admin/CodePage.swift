import Core
import HTTP
import PluginKit
import Store
import Templating

/// `/admin/login/code`: the second step, for who has given the password.
struct CodePage: Sendable {
    struct Model: TemplateModel, FormPage {
        var next: String
        var error: Word?

        static let fields: [Field<Self>] = [.text("next") { $0.next }, .word("codeError") { $0.error }]

        var formErrors: [FormError] { error.map { [FormError("code", $0)] } ?? [] }
    }

    static let path = "/admin/login/code"

    private let signIn: SignIn
    private let waiting: WaitWords
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        signIn = SignIn(host)
        waiting = WaitWords(host, pages)
        page = try pages.open("admin/code", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, Self.path, .public, bodyLimit: 0) { request, context in
                let next = SignInPages.safe(request.query["next"])
                guard try signIn.half(request) != nil else { return Self.again(next, context) }
                return try page.respond(Model(next: next), 200, request, context)
            },
            Route(.post, Self.path, .public, bodyLimit: 16 << 10) { request, context in
                try post(request, context)
            },
        ]
    }

    private func post(_ request: Request, _ context: Context) throws -> Response {
        var model = Model(next: SignInPages.safe(request.form["next"]))
        guard let user = try signIn.half(request) else { return Self.again(model.next, context) }
        guard let typed = request.form["code"]?.trimmingSpaces.nonEmpty else {
            model.error = Word("problem.required")
            return try page.respond(model, 422, request, context)
        }
        switch try signIn.finish(typed, user, request, context) {
        case .user(let user):
            var response = Response.redirect(to: model.next)
            response.set(try signIn.begin(user, request, context))
            response.set(SignIn.forgetHalf(context))
            return response
        case .wrong:
            // After a few the password is asked for again.
            guard try signIn.half(request) != nil else { return Self.again(model.next, context) }
            model.error = Word("code.wrong")
            return try page.respond(model, 422, request, context)
        case .wait(let span):
            model.error = waiting.word(span)
            return waiting.mark(try page.respond(model, 429, request, context), span)
        }
    }

    /// It took too long, or too many tries: from the start.
    private static func again(_ next: String, _ context: Context) -> Response {
        Flash.redirect(to: "/admin/login?next=" + URLEncoding.encode(next), "warning", "notice.sign_in_again", context)
    }
}
