import Core
import Crypto
import Database
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// Asks for the password again before a route that wants it (`Route.confirmation`), and loses nothing of the form.
///
///     form ──password is fresh──▶ the handler
///       └──too long ago──▶ this page ──right──▶ the handler, with the form as it was sent first
///                            └──wrong──▶ this page again
///
/// The form waits within the page, sealed for this session and address: a secret that was typed does not stand in the
/// page's source, and nothing is stored.
struct Confirmations: Sendable {
    struct Model: TemplateModel, FormPage {
        /// Where the form is sent to: the address that asked, or `/admin/confirm`.
        var action: String
        var carried: String?
        /// Where to go on; nil with a form that is carried.
        var next: String?
        var error: Word?

        static let fields: [Field<Self>] = [
            .text("action") { $0.action }, .text("carried") { $0.carried }, .text("next") { $0.next },
            .word("passwordError") { $0.error },
        ]

        var formErrors: [FormError] { error.map { [FormError("confirm-password", $0)] } ?? [] }
    }

    static let path = "/admin/confirm"
    private static let password = "confirm.password"
    private static let carried = "confirm.form"

    private let host: Host
    private let signIn: SignIn
    private let waiting: WaitWords
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        signIn = SignIn(host)
        waiting = WaitWords(host, pages)
        page = try pages.admin("admin/confirm", Model.self)
    }

    /// For pages that are only opened: they are asked for here, and come after.
    var routes: [Route] {
        [
            Route(.get, Self.path, .role(.viewer), bodyLimit: 0) { request, context in
                let model = Model(action: Self.path, next: SignInPages.safe(request.query["next"]))
                return try page.respond(model, 200, request, context)
            },
            Route(.post, Self.path, .role(.viewer), bodyLimit: 16 << 10) { request, context in
                let next = SignInPages.safe(request.form["next"])
                if let refused = try refusal(request.form, Model(action: Self.path, next: next), request, context) {
                    return refused
                }
                return .redirect(to: next)
            },
        ]
    }

    /// Calls the handler, or asks first.
    func respond(_ route: Route, _ request: Request, _ context: Context) throws -> Response {
        guard route.confirmation != .none else { return try route.handler(request, context) }
        var (request, context) = (request, context)
        if request.method == .post, let sealed = request.form[Self.carried] {
            let form = request.form
            request.body = try open(sealed, request, context)
            let again = Model(action: request.rawTarget, carried: sealed)
            if let refused = try refusal(form, again, request, context) { return refused }
            context.isConfirmed = true
        }
        guard context.isConfirmed || route.confirmation != .always else { return try ask(request, context) }
        do {
            return try route.handler(request, context)
        } catch is ConfirmationDue {
            return try ask(request, context)
        }
    }

    private func ask(_ request: Request, _ context: Context) throws -> Response {
        guard request.method == .post else {
            return .redirect(to: Self.path + "?next=" + URLEncoding.encode(request.rawTarget))
        }
        let sealed = host.sealer.seal(request.body, name: try name(request, context)).base64URL
        return try page.respond(Model(action: request.rawTarget, carried: sealed), 422, request, context)
    }

    /// Nil when the password is right: the session is confirmed from now on.
    private func refusal(
        _ form: Form, _ model: Model, _ request: Request, _ context: Context
    ) throws -> Response? {
        let person = try SignedIn(context)
        var model = model
        let password = Secret(form[Self.password] ?? "")
        guard !password.isEmpty else {
            model.error = Word("problem.required")
            return try page.respond(model, 422, request, context)
        }
        switch try signIn.check(email: person.email, password: password, from: context.clientAddress) {
        case .user:
            let now = host.clock.now()
            try host.database.write { tx in try SessionsTable.confirmed(person.session, at: now, in: tx) }
            return nil
        case .wrong:
            model.error = Word("confirm.wrong")
            return try page.respond(model, 422, request, context)
        case .wait(let span):
            model.error = waiting.word(span)
            return waiting.mark(try page.respond(model, 429, request, context), span)
        }
    }

    private func open(_ sealed: String, _ request: Request, _ context: Context) throws -> [UInt8] {
        let name = try name(request, context)
        guard let box = [UInt8](base64URL: sealed), let body = try? host.sealer.open(box, name: name) else {
            throw Refusal(403, "This form has expired. Go back, reload the page and send it again.")
        }
        return body
    }

    private func name(_ request: Request, _ context: Context) throws -> String {
        "confirm.\(try SignedIn(context).session).\(request.rawTarget)"
    }
}
