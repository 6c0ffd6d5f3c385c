import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import Templating

/// `/admin/backups`: the backups that there are, one more on demand, and how to get one back.
struct BackupsPage: Sendable {
    struct Model: TemplateModel {
        var last: BackupRun?
        var every: String?
        var next: Timestamp?
        var isUnderWay = false
        var isLate = false
        /// Nobody is there to make the next one.
        var isUnworked = false
        var isLastGone = false
        var data = ""
        var rows: [Row] = []

        private static let packageCommands = """
            sudo systemctl stop cartwright
            sudo cartwrightctl restore --force FILE
            sudo systemctl start cartwright
            """

        static let fields: [Field<Self>] = [
            .time("last") { $0.last?.finishedAt },
            .word("every") { model in model.every.map { Word("backups.every", ["span": .text($0)]) } },
            .time("next") { $0.next }, .flag("underWay") { $0.isUnderWay }, .flag("late") { $0.isLate },
            .flag("unworked") { $0.isUnworked }, .flag("lastGone") { $0.isLastGone },
            .flag("hasRows") { !$0.rows.isEmpty }, .list("rows", Row.self) { $0.rows },
            .text("packageCommands") { _ in packageCommands },
            .text("programCommand") { "cartwright restore --force FILE --data \($0.data)" },
        ]
    }

    struct Row: TemplateModel {
        let run: BackupRun
        let took: String
        let actor: String
        let place: BackupPlace

        static let fields: [Field<Self>] = [
            .time("at") { $0.run.startedAt }, .object("state", Pill.self) { $0.pill }, .word("size") { $0.size },
            .word("count") { row in
                row.run.error == nil ? Word("backups.rows", ["count": .number(Int64(row.run.rows))]) : nil
            },
            .word("took") { Word("backups.took", ["span": .text($0.took)]) }, .text("actor") { $0.actor },
            .text("file") { $0.run.file }, .text("node") { $0.run.node }, .flag("hasKey") { $0.run.hasKey },
            .text("error") { $0.run.error }, .word("hint") { $0.hint },
            .text("href") { row in
                guard row.run.error == nil, case .here = row.place else { return nil }
                return "\(BackupsPage.path)/\(row.run.id)/file"
            },
        ]

        private var pill: Pill {
            if run.error != nil { return Pill(.bad, "backups.state.failed") }
            return switch place {
            case .here: Pill(.good, "backups.state.here")
            case .otherFolder: Pill(.info, "backups.state.folder")
            case .otherMachine: Pill(.info, "backups.state.machine")
            case .gone: Pill(.idle, "backups.state.gone")
            }
        }

        /// How to get at one that cannot be downloaded.
        private var hint: Word? {
            guard run.error == nil else { return nil }
            return switch place {
            case .here: nil
            case .otherFolder: Word("backups.hint.folder")
            case .otherMachine: Word("backups.hint.machine", ["machine": .text(run.node)])
            case .gone: Word("backups.hint.gone")
            }
        }

        private var size: Word? {
            guard run.error == nil else { return nil }
            let (key, unit) = run.bytes >= 10 << 20 ? ("backups.size_mb", 1 << 20) : ("backups.size_kb", 1 << 10)
            return Word(key, ["count": .number(Int64((run.bytes + unit - 1) / unit))])
        }
    }

    static let path = "/admin/backups"
    private static let shown = 50

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<Model>
    private var folder: BackupFolder { BackupFolder(data: host.options.data) }

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/backups", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, Self.path, .role(.owner), bodyLimit: 0) { request, context in
                try page.respond(try model(), 200, request, context)
            },
            Route(.post, Self.path, .role(.owner), bodyLimit: 16 << 10) { _, context in try ask(context) },
            Route(.get, Self.path + "/{id}/file", .role(.owner), confirmation: .always, bodyLimit: 0) { _, context in
                try download(context)
            },
        ]
    }

    private func model() throws -> Model {
        let words = pages.words(locale: host.site.locale)
        let now = host.clock.now()
        return try host.database.read { tx in
            let standing = try BackupStanding(host, in: tx)
            let audit = AuditSentences(words, host)
            var model = Model(last: standing.lastGood, every: standing.every.map(words.each))
            model.next = standing.every == nil ? nil : standing.job?.dueAt
            model.isUnderWay = try standing.isWorked || JobsTable.isWaiting(BackupJobs.asked, in: tx)
            model.isLate = standing.isLate(at: now)
            model.isUnworked = standing.isUnworked
            model.isLastGone = standing.isLastGone
            model.data = BackupPlace.absolute(host.options.data)
            model.rows = try BackupsTable.newest(Self.shown, in: tx).map { run in
                Row(
                    run: run, took: words.took(run.duration), actor: audit.actor(run.actor),
                    place: BackupPlace(run, folder: folder))
            }
            return model
        }
    }

    private func ask(_ context: Context) throws -> Response {
        let actor = try SignedIn(context).email
        let now = host.clock.now()
        try host.database.write { tx in
            try JobsTable.enqueue(BackupJobs.asked, payload: actor, dedupe: BackupJobs.asked, due: now, at: now, in: tx)
        }
        host.messaging.wake(.jobs)
        return Flash.redirect(to: Self.path, "good", "notice.backup_begun", context)
    }

    private func download(_ context: Context) throws -> Response {
        let actor = try SignedIn(context).email
        guard let id = context.parameters["id"].flatMap({ ID($0) }),
            let run = try host.database.read({ try BackupsTable.find(id, in: $0) }), run.error == nil,
            case .here(let path) = BackupPlace(run, folder: folder)
        else { throw Refusal.notFound }
        let now = host.clock.now()
        try host.database.write { tx in
            try AuditTable.add(
                AuditEntry(
                    id: ID.make(at: now), at: now, actor: actor, action: "backup.downloaded", subject: "backup:\(id)",
                    data: ["file": run.file]),
                in: tx)
        }
        let name = path.split(separator: "/").last ?? ""
        return Response(
            status: 200,
            headers: [
                "Content-Type": "application/zip", "Content-Disposition": "attachment; filename=\"\(name)\"",
                "Cache-Control": "no-store",
            ],
            body: .produced(length: run.bytes) { stream in
                guard try FolderFiles.read(path, { try stream.write($0) }) else { stream.abandon(); return }
            })
    }
}
