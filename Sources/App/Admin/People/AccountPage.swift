import Core
import Crypto
import Database
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/account`: everybody's own name, password, second factor and devices.
struct AccountPage: Sendable {
    struct Model: TemplateModel, FormPage {
        var email = ""
        var name = ""
        var sessions: [SessionRow] = []
        var hasSecondFactor = false
        var nameError: Word?
        var oldError: Word?
        var newError: Word?

        static let fields: [Field<Self>] = [
            .text("email") { $0.email }, .text("name") { $0.name }, .word("nameError") { $0.nameError },
            .word("oldError") { $0.oldError }, .word("newError") { $0.newError },
            .flag("secondFactor") { $0.hasSecondFactor }, .list("sessions", SessionRow.self) { $0.sessions },
            .flag("hasOthers") { $0.sessions.count > 1 },
        ]

        var formErrors: [FormError] {
            [("name", nameError), ("old", oldError), ("new", newError)].compactMap { field, error in
                error.map { FormError(field, $0) }
            }
        }
    }

    /// A device on which somebody is signed in.
    struct SessionRow: TemplateModel {
        let session: Session
        let isThis: Bool

        static let fields: [Field<Self>] = [
            .id("id") { $0.session.id }, .word("device") { DeviceWords.word($0.session.agent) },
            .text("address") { $0.session.address }, .time("begunAt") { $0.session.createdAt },
            .time("seenAt") { $0.session.lastSeenAt }, .flag("current") { $0.isThis },
        ]
    }

    static let path = "/admin/account"

    private let host: Host
    private let signIn: SignIn
    private let waiting: WaitWords
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        signIn = SignIn(host)
        waiting = WaitWords(host, pages)
        page = try pages.admin("admin/account", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, Self.path, .role(.viewer), bodyLimit: 0) { request, context in
                try page.respond(try model(SignedIn(context)), 200, request, context)
            },
            Route(.post, Self.path + "/name", .role(.viewer), bodyLimit: 16 << 10) { request, context in
                try rename(request, context)
            },
            Route(.post, Self.path + "/password", .role(.viewer), bodyLimit: 16 << 10) { request, context in
                try changePassword(request, context)
            },
            Route(.post, Self.path + "/sessions/{id}/end", .role(.viewer), bodyLimit: 16 << 10) { _, context in
                try endSession(context)
            },
            Route(.post, Self.path + "/sessions/end-others", .role(.viewer), bodyLimit: 16 << 10) { _, context in
                try endOthers(context)
            },
        ]
    }

    private func model(_ person: SignedIn) throws -> Model {
        let now = host.clock.now()
        return try host.database.read { tx in
            guard let user = try UsersTable.find(person.id, in: tx) else { throw Refusal.notFound }
            var model = Model(email: user.email, name: user.name)
            model.hasSecondFactor = try SecondFactorsTable.isOn(of: user.id, in: tx)
            model.sessions = try SessionsTable.all(of: user.id, now: now, in: tx).map {
                SessionRow(session: $0, isThis: $0.id == person.session)
            }
            // Where one is now stands on top.
            model.sessions = model.sessions.filter(\.isThis) + model.sessions.filter { !$0.isThis }
            return model
        }
    }

    private func rename(_ request: Request, _ context: Context) throws -> Response {
        let person = try SignedIn(context)
        var model = try model(person)
        model.name = request.form["name"]?.trimmingSpaces ?? ""
        if let problem = AccountRules.problem(name: model.name) {
            model.nameError = problem
            return try page.respond(model, 422, request, context)
        }
        let (now, name) = (host.clock.now(), model.name)
        try host.database.write { tx in
            try UsersTable.setName(name, of: person.id, in: tx)
            try Self.note("user.renamed", person, at: now, in: tx)
        }
        return Flash.redirect(to: Self.path, "good", "notice.saved", context)
    }

    private func changePassword(_ request: Request, _ context: Context) throws -> Response {
        let person = try SignedIn(context)
        var model = try model(person)
        let (old, new) = (Secret(request.form["old"] ?? ""), request.form["new"] ?? "")
        if old.isEmpty { model.oldError = Word("problem.required") }
        model.newError = AccountRules.problem(password: new)
        guard model.formErrors.isEmpty else { return try page.respond(model, 422, request, context) }
        switch try signIn.check(email: person.email, password: old, from: context.clientAddress) {
        case .wait(let span):
            model.oldError = waiting.word(span)
            return waiting.mark(try page.respond(model, 429, request, context), span)
        case .wrong:
            model.oldError = Word("confirm.wrong")
            return try page.respond(model, 422, request, context)
        case .user: break
        }
        let (hash, now) = (try host.passwords.hash(Secret(new)), host.clock.now())
        try host.database.write { tx in
            try UsersTable.setPassword(hash, of: person.id, except: person.session, in: tx)
            try SessionsTable.confirmed(person.session, at: now, in: tx)
            try Self.note("user.password_changed", person, at: now, in: tx)
        }
        return Flash.redirect(to: Self.path, "good", "notice.password_changed", context)
    }

    private func endSession(_ context: Context) throws -> Response {
        let person = try SignedIn(context)
        guard let id = context.parameters["id"].flatMap({ ID($0) }) else { throw Refusal.notFound }
        let now = host.clock.now()
        let hasEnded = try host.database.write { tx in
            guard try SessionsTable.end(id, of: person.id, in: tx) else { return false }
            try Self.note("session.revoked", person, at: now, in: tx)
            return true
        }
        guard hasEnded else { throw Refusal.notFound }
        return Flash.redirect(to: Self.path, "good", "notice.session_ended", context)
    }

    private func endOthers(_ context: Context) throws -> Response {
        let person = try SignedIn(context)
        let now = host.clock.now()
        try host.database.write { tx in
            try SessionsTable.endAll(of: person.id, except: person.session, in: tx)
            try Self.note("session.others_revoked", person, at: now, in: tx)
        }
        return Flash.redirect(to: Self.path, "good", "notice.sessions_ended", context)
    }

    private static func note(
        _ action: String, _ person: SignedIn, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try AuditTable.add(
            AuditEntry(
                id: ID.make(at: now), at: now, actor: person.email, action: action, subject: "user:\(person.id)",
                data: ["email": person.email]),
            in: tx)
    }
}
