import Domain
import Assets
import Core
import Crypto
import Database
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/account/second-factor`: the authenticator app set up, its recovery codes, and turning it off.
///
///     off ──begin──▶ prepared (the QR code shows) ──on, a right code──▶ on ──off──▶ off
struct SecondFactorPage: Sendable {
    struct Model: TemplateModel, FormPage {
        var picture: SafeHTML?
        /// The secret in groups, while it is prepared.
        var groups: [String] = []
        var turnedOnAt: Timestamp?
        var codesLeft = 0
        /// Shown once, after they were made.
        var codes: [String] = []
        var error: Word?

        static let fields: [Field<Self>] = [
            .flag("prepared") { !$0.groups.isEmpty && $0.turnedOnAt == nil }, .html("picture") { $0.picture },
            .texts("groups") { $0.groups }, .flag("on") { $0.turnedOnAt != nil },
            .time("turnedOnAt") { $0.turnedOnAt }, .integer("codesLeft") { $0.codesLeft },
            .flag("hasCodes") { !$0.codes.isEmpty }, .texts("codes") { $0.codes }, .word("codeError") { $0.error },
        ]

        var formErrors: [FormError] { error.map { [FormError("code", $0)] } ?? [] }
    }

    static let path = AccountPage.path + "/second-factor"

    private let host: Host
    private let desk: SecondFactorDesk
    private let guesses: GuessGuard
    private let waiting: WaitWords
    private let shownCodes: ShownOnce
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        desk = SecondFactorDesk(host)
        guesses = GuessGuard(host)
        waiting = WaitWords(host, pages)
        shownCodes = ShownOnce(host, "recovery_codes")
        page = try pages.admin("admin/second-factor", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, Self.path, .role(.viewer), bodyLimit: 0) { request, context in
                try show(request, context)
            },
            // Whoever finds an open screen must not lock its owner out with an app of their own.
            Route(.post, Self.path + "/begin", .role(.viewer), confirmation: .always, bodyLimit: 16 << 10) {
                try begin($1)
            },
            Route(.post, Self.path + "/on", .role(.viewer), confirmation: .always, bodyLimit: 16 << 10) {
                try turnOn($0, $1)
            },
            Route(.post, Self.path + "/codes", .role(.viewer), confirmation: .always, bodyLimit: 16 << 10) {
                try renewCodes($1)
            },
            Route(.post, Self.path + "/off", .role(.viewer), confirmation: .always, bodyLimit: 16 << 10) {
                try turnOff($1)
            },
        ]
    }

    private func model(_ person: SignedIn) throws -> Model {
        var model = Model()
        guard let factor = try desk.find(of: person.id) else { return model }
        guard factor.turnedOnAt == nil else {
            model.turnedOnAt = factor.turnedOnAt
            model.codesLeft = try host.database.read { tx in try RecoveryCodesTable.left(of: person.id, in: tx) }
            return model
        }
        let site = host.site.name.filter { $0 != ":" }
        let uri = factor.code.uri(
            issuer: URLEncoding.encode(site), account: URLEncoding.encode(person.email))
        model.picture = QRCode(uri).map { SafeHTML(vouching: $0.svg) }
        model.groups = factor.code.groups
        return model
    }

    private func show(_ request: Request, _ context: Context) throws -> Response {
        var model = try model(SignedIn(context))
        model.codes = try shownCodes.read(request, context)?.split(separator: " ").map(String.init) ?? []
        var response = try page.respond(model, 200, request, context)
        if !model.codes.isEmpty { ShownOnce.forget(in: &response, context) }
        return response
    }

    private func begin(_ context: Context) throws -> Response {
        try desk.prepare(of: SignedIn(context).id)
        return .redirect(to: Self.path)
    }

    private func turnOn(_ request: Request, _ context: Context) throws -> Response {
        let person = try SignedIn(context)
        var model = try model(person)
        guard !model.groups.isEmpty else { return .redirect(to: Self.path) }
        var codes: [RecoveryCode]?
        let typed = request.form["code"]?.trimmingSpaces ?? ""
        let verdict = try guesses.attempt(.code, account: person.email, user: person.id, from: context.clientAddress) {
            codes = try desk.turnOn(typed, person)
            return codes != nil
        }
        if case .wait(let span) = verdict {
            model.error = waiting.word(span)
            return waiting.mark(try page.respond(model, 429, request, context), span)
        }
        guard let codes else {
            model.error = typed.isEmpty ? Word("problem.required") : Word("second.wrong")
            return try page.respond(model, 422, request, context)
        }
        return try shown(codes, context)
    }

    private func renewCodes(_ context: Context) throws -> Response {
        guard let codes = try desk.renewCodes(SignedIn(context)) else { return .redirect(to: Self.path) }
        return try shown(codes, context)
    }

    private func shown(_ codes: [RecoveryCode], _ context: Context) throws -> Response {
        try shownCodes.redirect(to: Self.path, codes.map { $0.reveal() }.joined(separator: " "), context)
    }

    private func turnOff(_ context: Context) throws -> Response {
        let person = try SignedIn(context)
        let now = host.clock.now()
        try host.database.write { tx in
            try SecondFactorDesk.turnOff(of: person.id, email: person.email, by: person.email, at: now, in: tx)
        }
        return Flash.redirect(to: AccountPage.path, "good", "notice.second_factor_off", context)
    }
}
