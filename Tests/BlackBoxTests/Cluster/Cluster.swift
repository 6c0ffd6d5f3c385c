import App
import Core
import Database
import HTTP
import SQL
import TestSupport

/// A shop's two web nodes and two workers on one PostgreSQL of their own, set up to message by the Meta double.
final class Cluster: Sendable {
    static let owner = (email: "ana@example.com", password: "a long password")
    static let webhookSecret = "what the shop signs with"

    let postgres: PostgresServer
    let web: [ClusterNode]
    let workers: [ClusterNode]
    /// An API key that may do all.
    let token: String
    private let folder: TemporaryFolder

    var nodes: [ClusterNode] { web + workers }

    /// - Parameter perSecond: how many messages may leave a second.
    init(sendingTo double: MetaDouble, perSecond: Int) throws {
        let folder = try TemporaryFolder()
        let postgres = try PostgresServer()
        let flags = ["--database", postgres.address, "--data", folder.file("desk")]
        func run(_ arguments: String..., input: String = "") throws -> String {
            let run = try Cartwright.run(arguments + flags, input: input)
            guard run.status == 0 else { throw ProcessFailure("\(arguments[0]): \(run.errors)") }
            return String(run.output.dropLast())
        }
        token = try run("token", "create", "--name", "shop", "--scope", "admin")
        _ = try run(
            "user", "add", "--email", Self.owner.email, "--role", "owner", "--password-stdin",
            input: Self.owner.password + "\n")
        self.folder = folder
        self.postgres = postgres
        // Nodes are machines of their own: they share the database and the key, and no folder.
        let shared = ["--key-file", folder.file("desk/master.key")]
        web = (1...2).map { ClusterNode(.web, $0, database: postgres.address, shared, in: folder) }
        workers = (1...2).map { ClusterNode(.worker, $0, database: postgres.address, shared, in: folder) }
        for node in web { try node.start() }
        try setUp(double, perSecond)
        for node in workers { try node.start() }
        // A message whose template is not known yet would be refused.
        try wait(stillness: .seconds(60)) {
            let answer = try web[0].site?.send(.get, "/api/v1/templates", token: token)
            return String(decoding: answer?.body ?? [], as: UTF8.self).contains("order_update") ? [] : ["the template"]
        }
    }

    private func setUp(_ double: MetaDouble, _ perSecond: Int) throws {
        func rule(_ id: String, _ status: String) -> String {
            #"{"id":"\#(id)","status":"\#(status)","on":true,"purpose":"orders","delay":"0s","send":{"template":"#
                + #""order_update","language":"en","parameters":{"1":"{order_number}"}}}"#
        }
        let rules = "[\(rule("taken", "processing")),\(rule("sent", "completed"))]".replacing("\"", with: "\\\"")
        let settings = """
            {"sending.channel":"meta","meta.graph_url":"\(double.url)","meta.phone_number_id":"\(double.phoneNumberID)",
            "meta.waba_id":"\(double.wabaID)","meta.access_token":"\(double.accessToken.reveal())",
            "meta.app_secret":"\(double.appSecret.reveal())","meta.messages_per_second":\(perSecond),
            "orders.consent":"legitimate_interest","orders.rules":"\(rules)","sending.unconfirmed_after":"2s",
            "woocommerce.webhook_secret":"\(Self.webhookSecret)","site.url":"https://shop.example"}
            """
        let answer = try web[0].site?.send(.patch, "/api/v1/settings?confirm=true", json: settings, token: token)
        guard let answer, answer.status == 200 else {
            throw ProcessFailure("settings: \(String(decoding: answer?.body ?? [], as: UTF8.self))")
        }
    }

    /// Leaves no process behind, whatever a run came to: threads that still talk to the nodes keep these values alive.
    func end() {
        for node in nodes { try? node.kill() }
        postgres.kill()
    }

    /// Looks into the database from outside, for as long as it takes.
    func read<T: Sendable>(_ body: (any ReadTransaction) throws -> T) throws -> T {
        let database = try Database(
            DatabaseLocation(parsing: postgres.address), clock: SystemClock(), log: TestDatabase.quiet)
        defer { database.close() }
        return try database.snapshot { tx in try body(tx) }
    }

    /// Waits until nothing is missing, as long as there are changes. Nobody outside the nodes is told of what they do by
    /// themselves, so it is asked again and again.
    /// - Parameter stillness: so long without a change means that it will never come.
    func wait(stillness: Timestamp.Span, for missing: () throws -> [String]) throws {
        let (clock, never) = (SystemClock(), Monitor(()))
        var last: [String] = []
        var changed = clock.sinceBoot()
        while true {
            let rest = try missing()
            if rest.isEmpty { return }
            if rest != last { changed = clock.sinceBoot() }
            last = rest
            guard clock.sinceBoot() < changed + stillness else {
                let logs = nodes.map { "\($0.name): \($0.log.suffix(1500))" }.joined(separator: "\n")
                throw ProcessFailure("waited in vain for \(rest)\n\(logs)")
            }
            _ = never.wait(atMost: .milliseconds(500)) { _ in Void?.none }
        }
    }
}
