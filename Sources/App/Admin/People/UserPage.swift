import Core
import Crypto
import Database
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/users/{id}`: one person: their role, a link to a new password, their devices, and removing them.
struct UserPage: Sendable {
    struct Model: TemplateModel {
        let user: User
        var hasSecondFactor = false
        var sessions: [AccountPage.SessionRow] = []
        var isLastOwner = false
        var isYou = false
        /// Shown once, after it was made.
        var link: String?

        static let fields: [Field<Self>] = [
            .id("id") { $0.user.id }, .text("name") { $0.user.shownName }, .text("email") { $0.user.email },
            .word("role") { Word("role." + $0.user.role.rawValue) }, .time("createdAt") { $0.user.createdAt },
            .time("seenAt") { $0.user.lastSeenAt }, .flag("secondFactor") { $0.hasSecondFactor },
            .object("secondFactorState", Pill.self) { Pill.secondFactor($0.hasSecondFactor) },
            .list("roles", RoleChoice.self) { RoleChoice.all($0.user.role) }, .flag("you") { $0.isYou },
            .flag("lastOwner") { $0.isLastOwner }, .text("link") { $0.link },
            .flag("hasSessions") { !$0.sessions.isEmpty },
            .list("sessions", AccountPage.SessionRow.self) { $0.sessions },
        ]
    }

    private let host: Host
    private let shownLink: ShownOnce
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        shownLink = ShownOnce(host, "password_link")
        page = try pages.admin("admin/user", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, UsersPage.path + "/{id}", .role(.owner), bodyLimit: 0) { request, context in
                try show(request, context)
            },
            act("role") { try changeRole($0, $1) }, act("link") { try makeLink($1) },
            act("second-factor-off") { try turnSecondFactorOff($1) }, act("sign-out") { try signOut($1) },
            act("remove") { try remove($1) },
        ]
    }

    /// What an owner does to a person: always with their own password fresh.
    private func act(_ name: String, _ handler: @escaping Route.Handler) -> Route {
        Route(
            .post, UsersPage.path + "/{id}/" + name, .role(.owner), confirmation: .always, bodyLimit: 16 << 10,
            handler: handler)
    }

    private static func find(_ context: Context, in tx: any ReadTransaction) throws -> User {
        guard let id = context.parameters["id"].flatMap({ ID($0) }), let user = try UsersTable.find(id, in: tx) else {
            throw Refusal.notFound
        }
        return user
    }

    private func show(_ request: Request, _ context: Context) throws -> Response {
        let person = try SignedIn(context)
        let now = host.clock.now()
        var model = try host.database.read { tx in
            let user = try Self.find(context, in: tx)
            return Model(
                user: user, hasSecondFactor: try SecondFactorsTable.isOn(of: user.id, in: tx),
                sessions: try SessionsTable.all(of: user.id, now: now, in: tx).map {
                    AccountPage.SessionRow(session: $0, isThis: $0.id == person.session)
                }, isLastOwner: try UsersTable.isLastOwner(user, in: tx), isYou: user.id == person.id)
        }
        model.link = try shownLink.read(request, context)
        var response = try page.respond(model, 200, request, context)
        if model.link != nil { ShownOnce.forget(in: &response, context) }
        return response
    }

    private func changeRole(_ request: Request, _ context: Context) throws -> Response {
        guard let role = Role(rawValue: request.form["role"] ?? "") else {
            throw Refusal(422, "The form names no role.")
        }
        let (person, now) = (try SignedIn(context), host.clock.now())
        let outcome = try host.database.write { tx -> (user: User, isDone: Bool) in
            let user = try Self.find(context, in: tx)
            guard try role == .owner || !UsersTable.isLastOwner(user, in: tx) else { return (user, false) }
            if role != user.role {
                try UsersTable.setRole(role, of: user.id, in: tx)
                try Self.note("user.role_changed", user, ["role": role.rawValue], by: person, at: now, in: tx)
            }
            return (user, true)
        }
        // Who gives the role of owner away may not see this page any more.
        let place =
            outcome.user.id == person.id && role != .owner && outcome.isDone ? "/admin" : Self.path(outcome.user)
        guard outcome.isDone else { return Flash.redirect(to: place, "warning", "notice.last_owner", context) }
        return Flash.redirect(to: place, "good", "notice.saved", context)
    }

    private func makeLink(_ context: Context) throws -> Response {
        let (person, now, token) = (try SignedIn(context), host.clock.now(), Token.make())
        let user = try host.database.write { tx in
            let user = try Self.find(context, in: tx)
            try AccountLinksTable.newPassword(of: user, tokenHash: token.hash, at: now, in: tx)
            try Self.note("user.password_link", user, by: person, at: now, in: tx)
            return user
        }
        return try shownLink.redirect(to: Self.path(user), LinkPage.address(of: token, host), context)
    }

    private func turnSecondFactorOff(_ context: Context) throws -> Response {
        let (person, now) = (try SignedIn(context), host.clock.now())
        let user = try host.database.write { tx in
            let user = try Self.find(context, in: tx)
            try SecondFactorDesk.turnOff(of: user.id, email: user.email, by: person.email, at: now, in: tx)
            return user
        }
        return Flash.redirect(to: Self.path(user), "good", "notice.second_factor_off", context)
    }

    private func signOut(_ context: Context) throws -> Response {
        let (person, now) = (try SignedIn(context), host.clock.now())
        let user = try host.database.write { tx in
            let user = try Self.find(context, in: tx)
            try SessionsTable.endAll(of: user.id, except: person.session, in: tx)
            try HalfSignInsTable.endAll(of: user.id, in: tx)
            try Self.note("user.signed_out", user, by: person, at: now, in: tx)
            return user
        }
        return Flash.redirect(to: Self.path(user), "good", "notice.sessions_ended", context)
    }

    private func remove(_ context: Context) throws -> Response {
        let (person, now) = (try SignedIn(context), host.clock.now())
        let outcome = try host.database.write { tx -> (user: User, isDone: Bool) in
            let user = try Self.find(context, in: tx)
            guard try !UsersTable.isLastOwner(user, in: tx) else { return (user, false) }
            _ = try UsersTable.remove(user.id, in: tx)
            try Self.note("user.removed", user, ["role": user.role.rawValue], by: person, at: now, in: tx)
            return (user, true)
        }
        guard outcome.isDone else {
            return Flash.redirect(to: Self.path(outcome.user), "warning", "notice.last_owner", context)
        }
        return Flash.redirect(to: UsersPage.path, "good", "notice.user_removed", context)
    }

    private static func path(_ user: User) -> String { UsersPage.path + "/\(user.id)" }

    private static func note(
        _ action: String, _ user: User, _ data: [String: String] = [:], by person: SignedIn, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws {
        try AuditTable.add(
            AuditEntry(
                id: ID.make(at: now), at: now, actor: person.email, action: action, subject: "user:\(user.id)",
                data: data.merging(["email": user.email]) { $1 }),
            in: tx)
    }
}
