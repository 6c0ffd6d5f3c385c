import App
import Core
import Database
import HTTP
import SQL
import TestSupport

/// A server on a folder of its own, set up to message by the Meta double, and a shop that tells it of orders until
/// each is taken, however often the server dies in between.
final class KillableShop: Sendable {
    struct Message: Sendable {
        var id: String
        var orderNumber: String
        var status: String
        var isPossibleDuplicate: Bool
    }

    private struct Running {
        var server: ServerProcess
        /// Rises with each restart.
        var generation = 0
    }

    private let folder: TemporaryFolder
    private let token: String
    private let running: Monitor<Running>
    private var data: String { folder.file("data") }

    init(sendingTo double: MetaDouble) throws {
        let folder = try TemporaryFolder()
        let data = folder.file("data")
        func run(_ arguments: String...) throws -> String {
            let run = try Cartwright.run(arguments + ["--data", data])
            guard run.status == 0 else { throw ProcessFailure("\(arguments[0]): \(run.errors)") }
            return run.output
        }
        let rule = """
            [{"id":"taken","status":"processing","on":true,"purpose":"orders","delay":"0s","send":{"template":\
            "order_update","language":"en","parameters":{"1":"{order_number}"}}}]
            """
        let settings = [
            "sending.channel": "meta", "meta.graph_url": double.url, "meta.phone_number_id": double.phoneNumberID,
            "meta.waba_id": double.wabaID, "meta.access_token": double.accessToken.reveal(),
            "meta.messages_per_second": "1000", "orders.consent": "legitimate_interest", "orders.rules": rule,
            "sending.unconfirmed_after": "2s",
        ]
        for (key, value) in settings { _ = try run("settings", "set", key, value) }
        token = String(try run("token", "create", "--name", "shop", "--scope", "write").dropLast())
        running = Monitor(Running(server: try ServerProcess(data: data)))
        self.folder = folder
        // A message whose template is not known yet would be refused.
        try wait {
            let answer = try running.withLock { $0.server }.send(.get, "/api/v1/templates", token: token)
            return String(decoding: answer.body, as: UTF8.self).contains("order_update") ? [] : ["the template"]
        }
    }

    /// Tells of the order until it is taken: again after each restart, as a shop does that had no answer.
    func place(_ number: Int) throws {
        var isTaken = false
        while !isTaken {
            let (server, generation) = running.withLock { ($0.server, $0.generation) }
            do {
                let status = try server.send(.post, "/api/v1/orders", json: Self.order(number), token: token).status
                guard status == 201 || status == 200 else { throw ProcessFailure("order \(number): \(status)") }
                isTaken = true
            } catch is HTTPClientError {
                let isBack: Void? = running.wait(atMost: .seconds(60)) { $0.generation > generation ? () : nil }
                guard isBack != nil else { throw ProcessFailure("the server died by itself: \(server.log)") }
            }
        }
    }

    func killAndRestart() throws {
        running.withLock { $0.server }.kill()
        let server = try ServerProcess(data: data)
        running.withLock { running in
            running.server = server
            running.generation += 1
        }
        running.wakeAll()
    }

    func stop() throws -> ChildProcess.Ending { try running.withLock { $0.server }.stop() }

    /// All messages, once none of them is under way any more.
    func settle() throws -> [Message] {
        let database = try Database(.file(data + "/cartwright.db"), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        try wait { try database.read { try Self.underWay(in: $0) } }
        return try database.read { tx in
            try tx.rows(
                """
                SELECT m.id, o.number, m.status, m.possible_duplicate
                FROM messages m JOIN orders o ON o.id = m.source_id WHERE m.source_kind = 'order'
                """
            ).map {
                Message(
                    id: try $0.id(0).description, orderNumber: try $0.text(1), status: try $0.text(2),
                    isPossibleDuplicate: try $0.flag(3))
            }
        }
    }

    /// Waits until nothing is missing. Nobody outside the server is told of what it does by itself, so it is asked
    /// again and again.
    private func wait(for missing: () throws -> [String]) throws {
        let end = SystemClock().sinceBoot() + .seconds(120)
        let never = Monitor(())
        while true {
            let rest = try missing()
            if rest.isEmpty { return }
            guard SystemClock().sinceBoot() < end else {
                let log = running.withLock { $0.server }.log
                throw ProcessFailure("waited in vain for \(rest.prefix(10)), \(rest.count) in all: \(log.suffix(2000))")
            }
            _ = never.wait(atMost: .milliseconds(100)) { _ in Void?.none }
        }
    }

    /// Orders whose message is not planned yet, and messages that are not where they will stay. One that was sent
    /// again after a kill, and met the next, stays unknown: a third time would be one too many.
    private static func underWay(in tx: any ReadTransaction) throws -> [String] {
        try tx.rows("SELECT order_id FROM events WHERE state = 'waiting'").map { "order \(try $0.id(0))" }
            + tx.rows(
                """
                SELECT id, status, reason FROM messages WHERE status IN ('planned', 'claimed', 'handed_over')
                    OR (status = 'unknown' AND possible_duplicate = 0)
                """
            ).map { "message \(try $0.id(0)), \(try $0.text(1)), \(try $0.textOrNil(2) ?? "no reason")" }
    }

    /// Ten area codes, in each the hundred numbers that are kept for fiction.
    private static func order(_ number: Int) -> String {
        let areas = [202, 206, 212, 213, 214, 215, 216, 217, 218, 219]
        let line = String(number % 100 + 100)
        return """
            {"id":"\(number)","number":"\(number)","status":"processing","created_at":"\(now)","updated_at":"\(now)",
            "total":{"amount":"29.90","currency":"USD"},"customer":{"first_name":"Ana","last_name":"Pérez",
            "phone":"+1\(areas[number / 100 % 10])5550\(line)","country":"US"},"items":[]}
            """
    }

    private static let now = SystemClock().now().rfc3339
}
