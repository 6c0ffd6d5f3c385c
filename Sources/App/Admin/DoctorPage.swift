import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
import Store
import Templating

/// `/admin/doctor`: every part of the house with how it stands and what to do. What is asked of others waits for the
/// button, and what they said is kept until the next time, for every node to show.
struct DoctorPage: Sendable {
    struct Model: TemplateModel {
        var rows: [Row] = []
        var outside: [Row] = []
        var askedAt: Timestamp?
        /// Whether there is anybody outside to ask.
        var canAsk = false

        static let fields: [Field<Self>] = [
            .list("rows", Row.self) { $0.rows }, .list("outside", Row.self) { $0.outside },
            .time("askedAt") { $0.askedAt }, .flag("canAsk") { $0.canAsk },
            .integer("bad") { ($0.rows + $0.outside).count { $0.grade == .fail } },
            .integer("doubtful") { ($0.rows + $0.outside).count { $0.grade == .warn } },
            .flag("works") { ($0.rows + $0.outside).allSatisfy { $0.grade != .fail } },
            .flag("allWell") { ($0.rows + $0.outside).allSatisfy { $0.grade == .ok } },
        ]
    }

    struct Row: TemplateModel {
        let answer: DoctorAnswer

        var grade: HealthFinding.Grade { .init(rawValue: answer.grade) ?? .warn }

        static let fields: [Field<Self>] = [
            .word("name") { Word("check." + $0.answer.check + ".name") }, .object("state", Pill.self) { $0.pill },
            .text("text") { $0.answer.said }, .text("next") { $0.answer.next },
            .text("href") { $0.grade == .ok ? nil : $0.answer.href },
        ]

        private var pill: Pill {
            switch grade {
            case .ok: Pill(.good, "doctor.ok")
            case .warn: Pill(.warning, "doctor.warn")
            case .fail: Pill(.bad, "doctor.fail")
            }
        }
    }

    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<Model>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/doctor", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/doctor", .role(.manager), bodyLimit: 0) { request, context in
                try page.respond(try model(), 200, request, context)
            },
            Route(.post, "/admin/doctor", .role(.manager), bodyLimit: 16 << 10) { _, context in
                let answers = ask(outside: true)
                let now = host.clock.now()
                try host.database.write { tx in try DoctorAnswersTable.replace(with: answers, at: now, in: tx) }
                return Flash.redirect(to: "/admin/doctor", "good", "notice.doctor_asked", context)
            },
        ]
    }

    private func ask(outside: Bool) -> [DoctorAnswer] {
        let words = pages.words(locale: host.site.locale)
        return Doctor(host).results(outside: outside).map { result in
            DoctorAnswer(
                check: result.id, grade: result.finding.grade.rawValue, said: words.text(result.finding.text),
                next: result.finding.next.map { words.text($0) }, href: result.finding.href)
        }
    }

    private func model() throws -> Model {
        // A check of a plugin that has gone has no name any more.
        let checks = Doctor(host).checks.filter(\.callsOutside).map(\.id)
        let kept = try host.database.read { tx in try DoctorAnswersTable.all(in: tx) }
        let outside = (kept?.answers ?? []).filter { checks.contains($0.check) }
        return Model(
            rows: ask(outside: false).map(Row.init), outside: outside.map(Row.init), askedAt: kept?.askedAt,
            canAsk: !checks.isEmpty)
    }
}
