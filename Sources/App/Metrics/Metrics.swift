import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store

/// `/metrics`: what an operator watches, in Prometheus' text format. It tells of the shop's business, so it answers
/// only the own network and holders of an API key.
struct Metrics: Sendable {
    /// Of each status at most so many messages are counted.
    private static let cap = 10_000
    /// Any of these is put in by a proxy.
    private static let forwarding = TrustedProxies.fields + ["X-Forwarded-Host", "X-Real-IP", "Via"]

    private let host: Host
    private let callers: Callers
    private let server: @Sendable () -> ServerMetrics?

    /// - Parameter server: the running server's own figures; nil before it runs.
    init(_ host: Host, server: @escaping @Sendable () -> ServerMetrics?) {
        self.host = host
        self.server = server
        callers = Callers(host)
    }

    var routes: [Route] {
        [
            Route(.get, "/metrics", .public, bodyLimit: 0) { request, context in
                guard try mayRead(request, context) else {
                    var refusal = Refusal(
                        401, "Ask from the own network, or with an API key: Authorization: Bearer cw_…")
                    refusal.headers["WWW-Authenticate"] = "Bearer"
                    throw refusal
                }
                return .bytes(Array(try text().utf8), type: PrometheusText.contentType)
            }
        ]
    }

    /// The own network, unless somebody else's request came through a proxy that nobody declared as trusted: then its
    /// address says nothing.
    private func mayRead(_ request: Request, _ context: Context) throws -> Bool {
        let isForwarded = Self.forwarding.contains { request.headers[$0] != nil }
        let isKnown = !isForwarded || context.clientAddress != request.peer
        if isKnown, !context.clientAddress.isPublic { return true }
        guard case .token(_, _, let scope)? = try callers.client(request) else { return false }
        return scope >= .read
    }

    private func text() throws -> String {
        var text = PrometheusText()
        text.family(
            "cartwright_build_info", .gauge, "The running release; always 1.", [.init(1, ["version": Version.text])])
        writeServer(&text)
        try writeQueues(&text)
        text.histogram(
            "cartwright_database_write_seconds", "From asking for a write to its commit.",
            host.database.writeTimes.snapshot)
        let asked = host.database.asked
        text.family(
            "cartwright_database_transactions_total", .counter,
            "Transactions of this process in which it asked something.",
            [.init(asked.transactions)])
        text.family(
            "cartwright_database_statements_total", .counter, "Statements of this process.", [.init(asked.statements)])
        text.family(
            "cartwright_database_writable", .gauge, "1 while the database can be written, else 0.",
            host.writing.failsSince == nil ? 1 : 0)
        text.family(
            "cartwright_database_writes_waiting", .gauge, "Waiting for SQLite's one writer, or for a connection.",
            host.database.waitingWrites)
        text.family(
            "cartwright_held", .gauge,
            "1 while nothing is sent until an owner confirms that this is the live installation.",
            host.instance.hold == nil ? 0 : 1)
        try writeBackups(&text)
        let process = ProcessFigures()
        text.family(
            "process_resident_memory_bytes", .gauge, "Memory of this process.", process.residentBytes)
        text.family(
            "process_cpu_seconds_total", .counter, "CPU time of this process.", [.init(process.cpuSeconds)])
        text.family("process_open_fds", .gauge, "Open files and connections of this process.", process.openFiles)
        return text.text
    }

    private func writeServer(_ text: inout PrometheusText) {
        text.histogram(
            "cartwright_http_request_seconds", "Time of requests in handlers, until their answer was made.",
            host.requestTimes.snapshot)
        guard let figures = server() else { return }
        text.family(
            "cartwright_http_responses_total", .counter, "Responses by status class.",
            (1...5).map { .init(figures.responses[$0], ["class": "\($0)xx"]) })
        text.family("cartwright_http_connections", .gauge, "Open connections.", figures.openConnections)
        text.family(
            "cartwright_http_in_flight", .gauge, "Requests with a handler, waiting or at work.", figures.inFlight)
        text.family("cartwright_http_workers", .gauge, "Handlers that can be at work at once.", figures.workers)
        text.family(
            "cartwright_http_refused_total", .counter,
            "Connections and requests refused for form, size or lack of room.",
            figures.refused)
    }

    /// Before the first one there is nothing to say: an alert on the absence of these is an alert on that.
    private func writeBackups(_ text: inout PrometheusText) throws {
        guard let last = try host.database.read({ try BackupsTable.lastGood(in: $0) }) else { return }
        text.family(
            "cartwright_backup_last_success_timestamp_seconds", .gauge, "When the last backup was done, in Unix time.",
            [.init(Double(last.finishedAt.milliseconds) / 1000)])
        text.family("cartwright_backup_last_bytes", .gauge, "Size of the last backup.", last.bytes)
    }

    private func writeQueues(_ text: inout PrometheusText) throws {
        let now = host.clock.now()
        let kinds = host.jobsAtWork.map(\.kind).sorted()
        let (queues, waiting, troubled, pauses, alerts, nodes) = try host.database.read { tx in
            (
                try QueueFigures.read(cap: Self.cap, at: now, in: tx),
                try DeliveriesTable.count(.waiting, cap: 100_000, in: tx),
                try JobsTable.troubled(
                    kinds: kinds, failedSince: now - .days(1), overdueBefore: now - Job.patience, in: tx),
                try PausesTable.all(at: now, in: tx), try AlertsTable.allOpen(in: tx), try NodesTable.alive(in: tx)
            )
        }
        text.family(
            "cartwright_messages", .gauge,
            "Messages by status and channel; at most \(Self.cap) of a status are counted.",
            queues.messages.map { .init($0.count, ["status": $0.status.rawValue, "channel": $0.channel]) })
        func age(_ since: Timestamp?) -> Double { since.map { Double((now - $0).milliseconds) / 1000 } ?? 0 }
        text.family(
            "cartwright_queue_oldest_seconds", .gauge, "How long the oldest of what is due has waited.",
            [
                .init(age(queues.oldestPlanned), ["queue": "messages"]),
                .init(age(queues.oldestDelivery), ["queue": "deliveries"]),
                .init(age(queues.oldestEvent), ["queue": "events"]),
            ])
        text.family("cartwright_deliveries_waiting", .gauge, "Stored webhooks not worked yet.", waiting)
        let overdue = troubled.count { $0.lastError == nil }
        text.family(
            "cartwright_jobs_troubled", .gauge, "Jobs that are overdue or fail again and again.",
            [.init(overdue, ["state": "overdue"]), .init(troubled.count - overdue, ["state": "failed"])])
        text.family(
            "cartwright_pauses", .gauge, "Numbers and templates that messages wait for.",
            [PausesTable.Scope.number, .template].map { scope in
                .init(pauses.count { $0.scope == scope }, ["scope": scope.rawValue])
            })
        text.family(
            "cartwright_nodes", .gauge, "Processes alive on this database: serve does both, web and worker one each.",
            Node.Role.allCases.map { role in .init(nodes.count { $0.role == role }, ["role": role.rawValue]) })
        text.family(
            "cartwright_alerts_open", .gauge, "What needs a person.",
            ["bad", "warning"].map { severity in
                .init(alerts.count { $0.severity == severity }, ["severity": severity])
            })
    }
}
