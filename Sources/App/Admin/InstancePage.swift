import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import Templating

/// `/admin/instance`: what speaks for this being a copy of the shop's database, and the owner's word on it.
struct InstancePage: Sendable {
    struct Model: TemplateModel, FormPage {
        var instance: Instance?
        var overdue: [OverdueRow] = []
        var choice: InstanceDecision.Overdue?
        var isSent = false
        var standing = PageFrame.House.live
        /// Whether messages of a copy may go to the sandbox phone meanwhile; else they do anyway, or there is none.
        var canUseSandbox = false

        private var hold: InstanceHold? { instance?.hold }
        private var overdueError: Word? {
            isSent && choice == nil && !overdue.isEmpty ? Word("problem.required") : nil
        }
        var formErrors: [FormError] { overdueError.map { [FormError("cancel", $0)] } ?? [] }

        static let fields: [Field<Self>] = [
            .flag("held") { $0.hold != nil }, .flag("kept") { $0.hold?.isKept == true },
            .text("moved") { if case .moved(let target)? = $0.hold?.kind { "--database \(target)" } else { nil } },
            .word("lead") { Word($0.lead) },
            .word("why") { $0.hold.map(why) }, .time("since") { $0.hold?.since },
            .list("facts", FactRow.self) { FactRow.all($0.instance) },
            .text("confirmedBy") { $0.instance?.confirmedBy }, .time("confirmedAt") { $0.instance?.confirmedAt },
            .flag("hasOverdue") { !$0.overdue.isEmpty }, .list("overdue", OverdueRow.self) { $0.overdue },
            .word("overdueError") { $0.overdueError }, .flag("cancels") { $0.choice == .cancel || $0.choice == nil },
            .flag("cancelsOlder") { $0.choice == .cancelOlder }, .flag("sends") { $0.choice == .send },
            .flag("canUseSandbox") { $0.canUseSandbox }, .flag("sandboxed") { $0.hold?.word == .sandboxedCopy },
            .flag("usesSandbox") { !$0.canUseSandbox && $0.standing == .sandbox },
        ]

        private var lead: String {
            guard let hold else { return "instance.lead_live" + standing.ending }
            return hold.isMoved ? "instance.lead_moved" : hold.isKept ? "instance.lead_copy" : "instance.lead_held"
        }

        static func why(_ hold: InstanceHold) -> Word {
            if case .moved(let target) = hold.kind { return Word("instance.why.moved", ["target": .text(target)]) }
            return Word("instance.why." + (hold.difference?.rawValue ?? hold.kind.word))
        }
    }

    /// One thing by which two places are told apart.
    struct FactRow: TemplateModel {
        let fact: InstancePlace.Fact
        let recorded: String?
        let here: String?

        static let fields: [Field<Self>] = [
            .word("name") { Word("instance.fact." + $0.fact.rawValue) }, .text("recorded") { $0.shown($0.recorded) },
            .text("here") { $0.shown($0.here) }, .flag("differs") { $0.here != nil && $0.here != $0.recorded },
        ]

        /// An engine as its makers write it.
        private func shown(_ value: String?) -> String? {
            fact == .engine ? value.map { Engine(rawValue: $0)?.name ?? $0 } : value
        }

        /// Numbers and hashes decide, and tell a person nothing.
        private static let shown: [InstancePlace.Fact] = [.engine, .machine, .path, .database, .address]

        static func all(_ instance: Instance?) -> [FactRow] {
            shown.compactMap { fact in
                let (recorded, here) = (instance?.place?[fact], instance?.found?[fact])
                guard recorded != nil || here != nil else { return nil }
                return FactRow(fact: fact, recorded: recorded, here: here)
            }
        }
    }

    /// Messages of one purpose that should have left by now.
    struct OverdueRow: TemplateModel {
        let group: OverdueMessages.Group

        static let fields: [Field<Self>] = [
            .word("purpose") { Word("purpose." + $0.group.purpose.rawValue) },
            .word("count") { Word("instance.overdue_count", ["count": .number(Int64($0.group.count))]) },
            .time("oldest") { $0.group.oldest },
        ]
    }

    static let path = "/admin/instance"

    private let host: Host
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        page = try pages.admin("admin/instance", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, Self.path, .role(.owner), bodyLimit: 0) { request, context in
                try page.respond(try model(), 200, request, context)
            },
            Route(.post, Self.path + "/confirm", .role(.owner), confirmation: .always, bodyLimit: 16 << 10) {
                try confirm($0, $1)
            },
            Route(.post, Self.path + "/copy", .role(.owner), confirmation: .always, bodyLimit: 16 << 10) {
                try keep($0, $1)
            },
        ]
    }

    private func model() throws -> Model {
        let now = host.clock.now()
        var model = Model(instance: host.instance.known)
        if model.instance?.hold != nil {
            model.overdue = try host.database.read { tx in try OverdueMessages.all(by: now, in: tx) }
                .map(OverdueRow.init)
        }
        model.standing = host.standing
        model.canUseSandbox =
            host.plugins.channel(HeldSettings.sandbox) != nil
            && host.settings[MessagingSettings.channel] != HeldSettings.sandbox
        return model
    }

    private func confirm(_ request: Request, _ context: Context) throws -> Response {
        guard host.instance.hold != nil else { return .redirect(to: Self.path) }
        var model = try model()
        model.isSent = true
        model.choice = request.form["overdue"].flatMap(InstanceDecision.Overdue.init)
        guard model.formErrors.isEmpty else { return try page.respond(model, 422, request, context) }
        // Where nothing was asked, what fell due in the meantime came in here and is sent.
        let cancelled = try InstanceDecision(host, by: SignedIn(context).email).confirm(model.choice ?? .send)
        let standing = host.standing
        let ending = standing == .live && cancelled > 0 ? "_cancelled" : standing.ending
        return Flash.redirect(
            to: Self.path, standing == .live ? "good" : "warning", "notice.instance_live" + ending, context)
    }

    private func keep(_ request: Request, _ context: Context) throws -> Response {
        guard let hold = host.instance.hold, !hold.isMoved else { return .redirect(to: Self.path) }
        let sandboxed = request.form["sandbox"] != nil && host.plugins.channel(HeldSettings.sandbox) != nil
        try InstanceDecision(host, by: SignedIn(context).email).keep(sandboxed: sandboxed)
        return Flash.redirect(
            to: Self.path, "good", sandboxed ? "notice.instance_sandbox" : "notice.instance_copy", context)
    }
}
