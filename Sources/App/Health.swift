import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import Synchronization
import Text

/// What operators ask: is it alive, is it ready, what are its figures.
final class Health: Sendable {
    private let host: Host
    private let server = Mutex<Server?>(nil)

    init(_ host: Host) { self.host = host }

    /// From now on the figures are this server's.
    func watch(_ server: Server) { self.server.withLock { $0 = server } }

    var routes: [Route] {
        [
            Route(.get, "/healthz", .public, bodyLimit: 0) { _, _ in .text("ok\n") },
            Route(.get, "/readyz", .public, bodyLimit: 0) { [self] _, _ in ready() },
            Route(.get, "/metrics", .public, bodyLimit: 0) { [self] _, _ in
                .bytes(Array(try metrics().utf8), type: "text/plain; version=0.0.4; charset=utf-8")
            },
        ]
    }

    /// 503 while the database does not answer.
    private func ready() -> Response {
        var isUp = true
        do {
            _ = try host.database.read { tx in try tx.count("SELECT 1") }
        } catch {
            isUp = false
        }
        let plugins = host.plugins.all.map(\.declaration.id).filter {
            if case .failed = host.plugins.standing($0) { true } else { false }
        }
        let body = JSONWriter.object { json in
            json.field("status", isUp ? "ready" : "unavailable")
            json.object("checks") { json in
                json.field("database", isUp ? "ok" : "unavailable")
                json.field("plugins", plugins.isEmpty ? "ok" : "failed: " + plugins.joined(separator: ", "))
            }
        }
        return .json(body, status: isUp ? 200 : 503)
    }

    private func metrics() throws -> String {
        var text = ""
        func figure(_ name: String, _ kind: String, _ help: String, _ values: [(labels: String, value: Int)]) {
            text += "# HELP cartwright_\(name) \(help)\n# TYPE cartwright_\(name) \(kind)\n"
            for (labels, value) in values { text += "cartwright_\(name)\(labels) \(value)\n" }
        }
        if let figures = server.withLock({ $0?.metrics }) {
            figure(
                "http_responses_total", "counter", "Responses by status class.",
                (1...5).map { ("{class=\"\($0)xx\"}", figures.responses[$0]) })
            figure("http_connections", "gauge", "Open connections.", [("", figures.openConnections)])
            figure("http_in_flight", "gauge", "Requests being worked on.", [("", figures.inFlight)])
            figure("http_refused_total", "counter", "Requests refused for form or size.", [("", figures.refused)])
        }
        let (waiting, states) = try host.database.read { tx in
            (
                try DeliveriesTable.count(.waiting, cap: 100_000, in: tx),
                try [MessageStatusFigure.planned, .unknown, .failed].map { ($0, try $0.count(in: tx)) }
            )
        }
        figure("deliveries_waiting", "gauge", "Stored webhooks not worked yet.", [("", waiting)])
        figure(
            "messages", "gauge", "Messages by state, counted to 100000.",
            states.map { ("{status=\"\($0.0.rawValue)\"}", $0.1) })
        return text
    }

    private enum MessageStatusFigure: String {
        case planned, unknown, failed

        func count(in tx: any ReadTransaction) throws -> Int {
            var selection = MessagesTable.Selection()
            switch self {
            case .planned: selection.statuses = [.planned]
            case .unknown: selection.statuses = [.unknown]
            case .failed: selection.statuses = [.failed]
            }
            return try MessagesTable.count(selection, limit: 100_000, in: tx)
        }
    }
}
