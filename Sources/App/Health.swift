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
            Route(.get, "/healthz", .public, bodyLimit: 0) { [host] _, _ in
                var response = Response.text("ok\n")
                response.headers[ReachChecks.markField] = ReachChecks.mark(host)
                return response
            },
            Route(.get, "/readyz", .public, bodyLimit: 0) { [self] _, _ in ready() },
        ] + Metrics(host) { [self] in server.withLock { $0?.metrics } }.routes
    }

    /// 503 while the database does not answer, cannot be written or is damaged, and where it has moved away.
    private func ready() -> Response {
        var database = host.writing.failsSince == nil ? "ok" : "cannot be written"
        if database == "ok", host.writing.damagedSince != nil { database = "damaged" }
        do {
            _ = try host.database.read { tx in try tx.count("SELECT 1") }
        } catch {
            database = "unavailable"
        }
        let isUp = database == "ok" && !host.instance.hasMoved
        let plugins = host.plugins.all.map(\.declaration.id).filter {
            if case .failed = host.plugins.standing($0) { true } else { false }
        }
        let body = JSONWriter.object { json in
            json.field("status", isUp ? "ready" : "unavailable")
            json.object("checks") { json in
                json.field("database", database)
                json.field("instance", host.instance.hold.map { "held: " + $0.kind.word } ?? "ok")
                json.field("plugins", plugins.isEmpty ? "ok" : "failed: " + plugins.joined(separator: ", "))
            }
        }
        return .json(body, status: isUp ? 200 : 503)
    }
}
