import Core
import Crypto
import Database
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/tokens`: the keys by which other programs use the API. A new one is shown once.
struct TokensPage: Sendable {
    struct Model: TemplateModel, FormPage {
        var tokens: [TokenRow] = []
        var name = ""
        var scope = Scope.read
        var nameError: Word?
        /// Shown once, after it was made.
        var made: String?

        static let fields: [Field<Self>] = [
            .flag("hasTokens") { !$0.tokens.isEmpty }, .list("tokens", TokenRow.self) { $0.tokens },
            .text("name") { $0.name }, .word("nameError") { $0.nameError }, .text("made") { $0.made },
            .list("scopes", ScopeChoice.self) { model in
                Scope.allCases.map { ScopeChoice(scope: $0, selected: $0 == model.scope) }
            },
        ]

        var formErrors: [FormError] { nameError.map { [FormError("name", $0)] } ?? [] }
    }

    struct TokenRow: TemplateModel {
        let token: APIToken

        static let fields: [Field<Self>] = [
            .id("id") { $0.token.id }, .text("name") { $0.token.name }, .text("prefix") { $0.token.prefix },
            .word("scope") { Word("token.scope." + $0.token.scope.rawValue) },
            .time("createdAt") { $0.token.createdAt }, .time("usedAt") { $0.token.lastUsedAt },
            .object("state", Pill.self) {
                $0.token.revokedAt == nil ? Pill(.good, "token.good") : Pill(.idle, "token.revoked")
            }, .flag("canRevoke") { $0.token.revokedAt == nil },
        ]
    }

    struct ScopeChoice: TemplateModel {
        let scope: Scope
        let selected: Bool

        static let fields: [Field<Self>] = [
            .text("value") { $0.scope.rawValue }, .word("label") { Word("token.scope." + $0.scope.rawValue) },
            .flag("selected") { $0.selected },
        ]
    }

    static let path = "/admin/tokens"

    private let host: Host
    private let shownToken: ShownOnce
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        shownToken = ShownOnce(host, "token")
        page = try pages.admin("admin/tokens", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, Self.path, .role(.owner), bodyLimit: 0) { request, context in
                var model = try model()
                model.made = try shownToken.read(request, context)
                var response = try page.respond(model, 200, request, context)
                if model.made != nil { ShownOnce.forget(in: &response, context) }
                return response
            },
            Route(.post, Self.path, .role(.owner), confirmation: .always, bodyLimit: 16 << 10) {
                try create($0, $1)
            },
            Route(.post, Self.path + "/{id}/revoke", .role(.owner), confirmation: .always, bodyLimit: 16 << 10) {
                try revoke($1)
            },
        ]
    }

    private func model() throws -> Model {
        let tokens = try host.database.read { tx in try TokensTable.all(in: tx) }
        // Those that still open something stand first, the newest on top.
        let sorted = tokens.reversed().filter { $0.revokedAt == nil } + tokens.reversed().filter { $0.revokedAt != nil }
        return Model(tokens: sorted.map(TokenRow.init))
    }

    private func create(_ request: Request, _ context: Context) throws -> Response {
        let person = try SignedIn(context)
        var model = try model()
        model.name = request.form["name"]?.trimmingSpaces ?? ""
        guard let scope = Scope(rawValue: request.form["scope"] ?? Scope.read.rawValue) else {
            throw Refusal(422, "The form names no scope.")
        }
        model.scope = scope
        model.nameError = model.name.isEmpty ? Word("problem.required") : AccountRules.problem(name: model.name)
        guard model.formErrors.isEmpty else { return try page.respond(model, 422, request, context) }
        let (now, clear) = (host.clock.now(), Token.make(prefix: "cw_"))
        let token = APIToken(
            id: ID.make(at: now), name: model.name, scope: scope, prefix: String(clear.reveal().prefix(8)),
            createdAt: now)
        try host.database.write { tx in
            try TokensTable.add(token, hash: clear.hash, in: tx)
            let entry = AuditEntry(
                id: ID.make(at: now), at: now, actor: person.email, action: "token.created",
                subject: "token:\(token.id)", data: ["name": token.name, "scope": scope.rawValue])
            try AuditTable.add(entry, in: tx)
        }
        return try shownToken.redirect(to: Self.path, clear.reveal(), context)
    }

    private func revoke(_ context: Context) throws -> Response {
        let person = try SignedIn(context)
        guard let id = context.parameters["id"].flatMap({ ID($0) }) else { throw Refusal.notFound }
        let now = host.clock.now()
        let isRevoked = try host.database.write { tx in
            let name = try TokensTable.all(in: tx).first { $0.id == id }?.name
            guard try TokensTable.revoke(id, at: now, in: tx) else { return false }
            let entry = AuditEntry(
                id: ID.make(at: now), at: now, actor: person.email, action: "token.revoked", subject: "token:\(id)",
                data: ["name": name ?? ""])
            try AuditTable.add(entry, in: tx)
            return true
        }
        guard isRevoked else { throw Refusal.notFound }
        return Flash.redirect(to: Self.path, "good", "notice.token_revoked", context)
    }
}
