import Domain
import Messaging
import Core
import Database
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/jobs`: the work that the house does by itself: what repeats, and what was asked for once.
struct JobsPage: Sendable {
    struct Model: TemplateModel {
        var address: ListAddress
        var machines: [MachineRow] = []
        /// Nobody who lives does any of it.
        var isUnworked = false
        var repeating: [Row] = []
        var views: [ListView] = []
        var once: [Row] = []
        var next: Cursor?

        static let fields: [Field<Self>] = [
            .flag("hasMachines") { !$0.machines.isEmpty }, .list("machines", MachineRow.self) { $0.machines },
            .flag("unworked") { $0.isUnworked }, .list("repeating", Row.self) { $0.repeating },
            .word("viewsLabel") { _ in Word("jobs.views") },
            .list("views", ListView.self) { $0.views }, .flag("hasOnce") { !$0.once.isEmpty },
            .list("once", Row.self) { $0.once }, .text("firstHref") { $0.address.first },
            .text("nextHref") { $0.address.next($0.next) },
        ]
    }

    struct Row: TemplateModel {
        let job: Job
        let name: String
        let purpose: String?
        let every: String?
        let took: String?
        let pill: Pill
        let canRun: Bool
        /// Its last turn found nothing to do.
        var wasIdle = false

        static let fields: [Field<Self>] = [
            .id("id") { $0.job.id }, .text("name") { $0.name }, .text("purpose") { $0.purpose },
            .text("every") { $0.every },
            .object("state", Pill.self) { $0.pill }, .time("last") { $0.job.lastStartedAt },
            .word("took") { row in
                row.wasIdle ? Word("jobs.nothing_due") : row.took.map { Word("jobs.took", ["span": .text($0)]) }
            },
            .time("next") { $0.job.state == .waiting && $0.job.owner == nil ? $0.job.dueAt : nil },
            .time("ended") { $0.job.lastFinishedAt }, .text("error") { $0.job.lastError },
            .word("tries") { row in
                guard row.job.lastError != nil, row.job.tries > 0 else { return nil }
                return Word("jobs.tries", ["count": .number(Int64(row.job.tries))])
            },
            .text("progress") { $0.job.progress.isEmpty ? nil : String($0.job.progress.prefix(80)) },
            .flag("canRun") { $0.canRun },
            .word("action") { Word($0.job.lastError == nil ? "jobs.run" : "jobs.again") },
        ]
    }

    private static let filters = ["state"]

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/jobs", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/jobs", .role(.manager), bodyLimit: 0) { request, context in
                try page.respond(try model(request), 200, request, context)
            },
            Route(.post, "/admin/jobs/{id}/run", .role(.manager), bodyLimit: 16 << 10) { _, context in
                try run(context)
            },
        ]
    }

    private func model(_ request: Request) throws -> Model {
        let address = ListAddress(request, Self.filters)
        let words = pages.words(locale: host.site.locale)
        let now = host.clock.now()
        let known = Set(host.jobs.map(\.kind))
        let state = address["state"].flatMap(Job.State.init(rawValue:)) ?? .waiting
        return try host.database.read { tx in
            var model = Model(address: address)
            let machines = try MachineRow.all(words, in: tx)
            // One process on a file of its own is no news.
            if host.database.engine == .postgresql || machines.count > 1 { model.machines = machines }
            model.isUnworked = try NodesTable.isUnworked(in: tx)
            let isUnworked = model.isUnworked
            func shown(_ job: Job) -> Row { row(of: job, known, words, isUnworked, at: now) }
            model.repeating = try JobsTable.repeating(in: tx).map { job in
                var row = shown(job)
                row.wasIdle = try BackupJobs.foundNothingDue(job, in: tx)
                return row
            }.sorted { $0.name < $1.name }
            let found = try JobsTable.page(PageRequest(after: address.after), state: state, in: tx)
            model.once = found.rows.map(shown)
            model.next = found.next
            model.views = try Job.State.allCases.map { each in
                let count = try JobsTable.count(each, cap: ListView.cap + 1, in: tx)
                return ListView(
                    href: address.with("state", each.rawValue), label: words.text("jobs.view_" + each.rawValue),
                    count: words.capped(count, at: ListView.cap), current: each == state)
            }
            return model
        }
    }

    private func row(
        of job: Job, _ known: Set<String>, _ words: any TemplateWords, _ isUnworked: Bool, at now: Timestamp
    ) -> Row {
        let jobWords = JobWords(words)
        let isKnown = known.contains(job.kind)
        return Row(
            job: job, name: jobWords.name(job.kind), purpose: jobWords.purpose(job.kind),
            every: job.repeatsEvery.map(words.each), took: job.lastDuration.map(words.took),
            pill: JobWords.pill(job, isKnown: isKnown, isUnworked: isUnworked, at: now),
            canRun: isKnown && job.state != .done && job.owner == nil)
    }

    /// Due at once: a turn before its time, or another try.
    private func run(_ context: Context) throws -> Response {
        guard let id = context.parameters["id"].flatMap({ ID($0) }) else { throw Refusal.notFound }
        let actor = try SignedIn(context).email
        let now = host.clock.now()
        let outcome: (isDue: Bool, isUnworked: Bool)? = try host.database.write { tx in
            guard let job = try JobsTable.find(id, in: tx) else { return nil }
            guard try JobsTable.runNow(id, at: now, in: tx) else { return (false, false) }
            try AuditTable.add(
                AuditEntry(
                    id: ID.make(at: now), at: now, actor: actor, action: "job.run", subject: "job:\(id)",
                    data: ["kind": job.kind]),
                in: tx)
            return (true, try NodesTable.isUnworked(in: tx))
        }
        guard let outcome else { throw Refusal.notFound }
        host.messaging.wake(.jobs)
        let word = outcome.isUnworked ? "job_unworked" : outcome.isDue ? "job_due" : "job_not_due"
        return Flash.redirect(
            to: "/admin/jobs", word == "job_due" ? "good" : "warning", "notice." + word, context)
    }
}
