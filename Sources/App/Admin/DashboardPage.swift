import Messaging
import Domain
import Core
import Database
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin`: what needs a person, what to do next, the figures of the week, the newest messages.
struct DashboardPage: Sendable {
    struct Model: TemplateModel {
        var steps: [SetupStep] = []
        var needs: [Need] = []
        var stats: [Stat] = []
        var messages: [MessageRow] = []
        var panels: [PanelCard] = []
        var lastBackup: Timestamp?
        var isLastBackupGone = false

        static let fields: [Field<Self>] = [
            .flag("settingUp") { $0.steps.contains { !$0.isDone } }, .list("steps", SetupStep.self) { $0.steps },
            .integer("stepsDone") { $0.steps.count { $0.isDone } }, .integer("stepsAll") { $0.steps.count },
            .flag("hasNeeds") { !$0.needs.isEmpty }, .list("needs", Need.self) { $0.needs },
            .list("stats", Stat.self) { $0.stats }, .flag("hasMessages") { !$0.messages.isEmpty },
            .list("messages", MessageRow.self) { $0.messages }, .list("panels", PanelCard.self) { $0.panels },
            .time("lastBackup") { $0.lastBackup }, .flag("lastBackupGone") { $0.isLastBackupGone },
        ]
    }

    private static let newest = 5

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<Model>
    private let counts = RememberedCounts()

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/dashboard", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin", .role(.viewer), bodyLimit: 0) { request, context in
                var model = try model(SignedIn(context))
                model.panels = try PanelCard.all(for: .dashboard, host, context)
                return try page.respond(model, 200, request, context)
            },
            Route(.post, "/admin/pauses/lift", .role(.manager), bodyLimit: 16 << 10) { request, context in
                try lift(request.form, context)
            },
        ]
    }

    private func model(_ signedIn: SignedIn) throws -> Model {
        let words = pages.words(locale: host.site.locale)
        let now = host.clock.now()
        return try host.database.read { tx in
            var model = Model()
            model.steps = try SetupSteps(host).all(in: tx)
            model.needs = try Needs(host, words, signedIn).all(at: now, in: tx)
            if signedIn.isOwner {
                let standing = try BackupStanding(host, in: tx)
                model.lastBackup = standing.lastGood?.finishedAt
                model.isLastBackupGone = standing.isLastGone
            }
            model.stats = try Figures(words, zone: host.site.timeZone, counts: counts).stats(at: now, in: tx)
            let newest = try MessagesTable.page(MessagesTable.Selection(), PageRequest(limit: Self.newest), in: tx)
            model.messages = try MessageListing(newest.rows, in: tx).list(words, signedIn.display)
            return model
        }
    }

    /// What stopped a number or template has been mended: what waited for it is tried again.
    private func lift(_ form: Form, _ context: Context) throws -> Response {
        guard let scope = form["scope"].flatMap(PausesTable.Scope.init(rawValue:)), scope != .person,
            let subject = form["subject"]
        else { throw Refusal(422, "The form names no pause.") }
        let actor = try SignedIn(context).email
        let now = host.clock.now()
        try host.database.write { tx in
            guard try PausesTable.lift(scope, subject, in: tx) else { return }
            try LedgerUpkeep.dueNow(waitingFor: "reason.\(scope.rawValue)_paused", at: now, in: tx)
            let entry = AuditEntry(
                id: ID.make(at: now), at: now, actor: actor, action: "pause.lifted",
                subject: "\(scope.rawValue):\(subject)")
            try AuditTable.add(entry, in: tx)
        }
        host.messaging.wake(.messages)
        return Flash.redirect(to: "/admin", "good", "notice.pause_lifted", context)
    }
}
