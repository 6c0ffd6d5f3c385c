import Core
import Crypto
import Database
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/users`: who may sign in, who is invited, and inviting one more.
struct UsersPage: Sendable {
    struct Model: TemplateModel, FormPage {
        var users: [UserRow] = []
        var invitations: [Invitation] = []
        var email = ""
        var role = Role.viewer
        var emailError: Word?
        /// Shown once, after it was made.
        var link: String?

        static let fields: [Field<Self>] = [
            .list("users", UserRow.self) { $0.users }, .flag("hasInvitations") { !$0.invitations.isEmpty },
            .list("invitations", Invitation.self) { $0.invitations }, .text("email") { $0.email },
            .list("roles", RoleChoice.self) { RoleChoice.all($0.role) }, .word("emailError") { $0.emailError },
            .text("link") { $0.link },
        ]

        var formErrors: [FormError] { emailError.map { [FormError("email", $0)] } ?? [] }
    }

    struct UserRow: TemplateModel {
        let user: User
        let hasSecondFactor: Bool
        let sessions: Int
        let isYou: Bool

        static let fields: [Field<Self>] = [
            .id("id") { $0.user.id }, .text("name") { $0.user.shownName },
            .text("email") { $0.user.name.isEmpty ? nil : $0.user.email },
            .word("role") { Word("role." + $0.user.role.rawValue) }, .time("seenAt") { $0.user.lastSeenAt },
            .object("secondFactor", Pill.self) { Pill.secondFactor($0.hasSecondFactor) },
            .integer("sessions") { $0.sessions }, .flag("you") { $0.isYou },
        ]
    }

    struct Invitation: TemplateModel {
        let link: AccountLink

        static let fields: [Field<Self>] = [
            .id("id") { $0.link.id }, .text("email") { $0.link.email },
            .word("role") { Word("role." + $0.link.role.rawValue) }, .time("expiresAt") { $0.link.expiresAt },
        ]
    }

    static let path = "/admin/users"

    private let host: Host
    private let shownLink: ShownOnce
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        shownLink = ShownOnce(host, "invitation")
        page = try pages.admin("admin/users", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, Self.path, .role(.owner), bodyLimit: 0) { request, context in
                var model = try model(SignedIn(context))
                model.link = try shownLink.read(request, context)
                var response = try page.respond(model, 200, request, context)
                if model.link != nil { ShownOnce.forget(in: &response, context) }
                return response
            },
            Route(.post, Self.path + "/invite", .role(.owner), confirmation: .always, bodyLimit: 16 << 10) {
                try invite($0, $1)
            },
            Route(
                .post, Self.path + "/invitations/{id}/withdraw", .role(.owner), confirmation: .always,
                bodyLimit: 16 << 10
            ) { try withdraw($1) },
        ]
    }

    private func model(_ person: SignedIn) throws -> Model {
        let now = host.clock.now()
        return try host.database.read { tx in
            let guarded = try SecondFactorsTable.users(in: tx)
            let sessions = try SessionsTable.counts(now: now, in: tx)
            let users = try UsersTable.all(in: tx).map {
                UserRow(
                    user: $0, hasSecondFactor: guarded.contains($0.id), sessions: sessions[$0.id] ?? 0,
                    isYou: $0.id == person.id)
            }
            let invitations = try AccountLinksTable.invitations(now: now, in: tx).map(Invitation.init)
            return Model(users: users, invitations: invitations)
        }
    }

    private func invite(_ request: Request, _ context: Context) throws -> Response {
        let person = try SignedIn(context)
        var model = try model(person)
        model.email = request.form["email"]?.trimmingSpaces ?? ""
        guard let role = Role(rawValue: request.form["role"] ?? Role.viewer.rawValue) else {
            throw Refusal(422, "The form names no role.")
        }
        model.role = role
        model.emailError = AccountRules.problem(email: model.email)
        guard model.formErrors.isEmpty else { return try page.respond(model, 422, request, context) }
        let (now, token, email) = (host.clock.now(), Token.make(), model.email)
        let isNew = try host.database.write { tx in
            guard try UsersTable.find(email: email, in: tx) == nil else { return false }
            _ = try AccountLinksTable.invite(email, as: role, tokenHash: token.hash, at: now, in: tx)
            try Self.note("user.invited", email, ["role": role.rawValue], by: person, at: now, in: tx)
            return true
        }
        guard isNew else {
            model.emailError = Word("users.taken")
            return try page.respond(model, 422, request, context)
        }
        return try shownLink.redirect(to: Self.path, LinkPage.address(of: token, host), context)
    }

    private func withdraw(_ context: Context) throws -> Response {
        let person = try SignedIn(context)
        guard let id = context.parameters["id"].flatMap({ ID($0) }) else { throw Refusal.notFound }
        let now = host.clock.now()
        let email = try host.database.write { tx in
            let email = try AccountLinksTable.withdraw(id, in: tx)
            if let email { try Self.note("user.invitation_withdrawn", email, [:], by: person, at: now, in: tx) }
            return email
        }
        guard email != nil else { throw Refusal.notFound }
        return Flash.redirect(to: Self.path, "good", "notice.invitation_withdrawn", context)
    }

    private static func note(
        _ action: String, _ email: String, _ data: [String: String], by person: SignedIn, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws {
        try AuditTable.add(
            AuditEntry(
                id: ID.make(at: now), at: now, actor: person.email, action: action, subject: "invitation",
                data: data.merging(["email": email]) { $1 }),
            in: tx)
    }
}

/// A role to choose, with what it may do.
struct RoleChoice: TemplateModel {
    let role: Role
    let selected: Bool

    static func all(_ chosen: Role) -> [RoleChoice] {
        Role.allCases.map { RoleChoice(role: $0, selected: $0 == chosen) }
    }

    static let fields: [Field<Self>] = [
        .text("value") { $0.role.rawValue }, .word("label") { Word("role." + $0.role.rawValue) },
        .word("help") { Word("role.\($0.role.rawValue)_help") }, .flag("selected") { $0.selected },
    ]
}

extension User {
    /// Their name, or the address of who has given none.
    var shownName: String { name.isEmpty ? email : name }
}

extension Pill {
    static func secondFactor(_ isOn: Bool) -> Pill { isOn ? Pill(.good, "second.is_on") : Pill(.idle, "second.is_off") }
}
