import Core
import HTTP
import PluginKit
import Synchronization
import Templating

/// `/admin/doctor`: every part of the house with how it stands and what to do. What is asked of others waits for the
/// button, and what they said is kept until the next time.
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
            .integer("bad") { ($0.rows + $0.outside).count { $0.result.finding.grade == .fail } },
            .integer("doubtful") { ($0.rows + $0.outside).count { $0.result.finding.grade == .warn } },
            .flag("works") { ($0.rows + $0.outside).allSatisfy { $0.result.finding.grade != .fail } },
            .flag("allWell") { ($0.rows + $0.outside).allSatisfy { $0.result.finding.grade == .ok } },
        ]
    }

    struct Row: TemplateModel {
        var result: Doctor.Result

        static let fields: [Field<Self>] = [
            .word("name") { Word("check." + $0.result.id + ".name") }, .object("state", Pill.self) { $0.pill },
            .word("text") { $0.result.finding.text }, .word("next") { $0.result.finding.next },
            .text("href") { $0.result.finding.grade == .ok ? nil : $0.result.finding.href },
        ]

        private var pill: Pill {
            switch result.finding.grade {
            case .ok: Pill(.good, "doctor.ok")
            case .warn: Pill(.warning, "doctor.warn")
            case .fail: Pill(.bad, "doctor.fail")
            }
        }
    }

    /// What others said, and when.
    private final class Answers: Sendable {
        let latest = Mutex<(at: Timestamp, results: [Doctor.Result])?>(nil)
    }

    private let host: Host
    private let page: PreparedPage<Model>
    private let answers = Answers()

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        page = try pages.admin("admin/doctor", Model.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/doctor", .role(.manager), bodyLimit: 0) { request, context in
                try page.respond(model, 200, request, context)
            },
            Route(.post, "/admin/doctor", .role(.manager), bodyLimit: 16 << 10) { _, context in
                let results = Doctor(host).results(outside: true)
                let now = host.clock.now()
                answers.latest.withLock { $0 = (now, results) }
                return Flash.redirect(to: "/admin/doctor", "good", "notice.doctor_asked", context)
            },
        ]
    }

    private var model: Model {
        let doctor = Doctor(host)
        let latest = answers.latest.withLock { $0 }
        return Model(
            rows: doctor.results(outside: false).map(Row.init), outside: (latest?.results ?? []).map(Row.init),
            askedAt: latest?.at, canAsk: doctor.checks.contains(where: \.callsOutside))
    }
}
