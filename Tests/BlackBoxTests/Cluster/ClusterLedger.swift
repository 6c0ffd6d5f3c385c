import Core
import SQL
import TestSupport

/// What the database holds after a run, to be held against what was told and what was sent.
struct ClusterLedger: Sendable {
    struct Message: Sendable {
        var id: String
        var order: String
        /// The order's status that it speaks of.
        var step: String
        var status: String
        var isPossibleDuplicate: Bool
    }

    /// The kinds of what may be left over, with how many there are; none after a run that has ended.
    var leftovers: [String] = []
    var messages: [Message] = []
    /// The status of each order by the shop's own number.
    var orders: [String: String] = [:]
    /// `<message>.<n>` of each attempt.
    var attempts: Set<String> = []
    /// Messages whose trail says that once nobody knew what had become of them.
    var onceUnknown: Set<String> = []

    /// How many messages there are of each status.
    var states: [String: Int] { Dictionary(grouping: messages, by: \.status).mapValues(\.count) }

    init(_ tx: any ReadTransaction) throws {
        leftovers = try Self.underWay(in: tx) + Self.forgotten(in: tx)
        messages = try tx.rows("SELECT id, intent_key, status, possible_duplicate FROM messages").map { row in
            // order:<shop>:<id>:<status>:<rule>; a shop's name may hold colons too.
            let parts = try row.text(1).split(separator: ":").map(String.init)
            return Message(
                id: try row.id(0).description, order: parts.dropLast(2).last ?? "", step: parts.dropLast().last ?? "",
                status: try row.text(2), isPossibleDuplicate: try row.flag(3))
        }
        for row in try tx.rows("SELECT external_id, status FROM orders") { orders[try row.text(0)] = try row.text(1) }
        attempts = Set(try tx.rows("SELECT message_id, n FROM attempts").map { "\(try $0.id(0)).\(try $0.int(1))" })
        onceUnknown = Set(
            try tx.rows("SELECT DISTINCT message_id FROM trail WHERE kind = 'unknown'").map { try $0.id(0).description }
        )
    }

    /// What still moves by itself: deliveries and events to be worked, and messages that are not where they will stay.
    /// One that was sent again, and again got no answer, stays unknown: a third time would be one too many.
    static func underWay(in tx: any ReadTransaction) throws -> [String] {
        let counts: [(String, Query)] = [
            ("deliveries to work", "SELECT count(*) FROM deliveries WHERE state = 'waiting'"),
            ("events to work", "SELECT count(*) FROM events WHERE state = 'waiting'"),
            ("early statuses", "SELECT count(*) FROM early_statuses"),
        ]
        let rows = try tx.rows(
            """
            SELECT status, reason, count(*) FROM messages
            WHERE status NOT IN ('read', 'failed', 'suppressed', 'cancelled', 'unknown')
                OR (status = 'unknown' AND possible_duplicate = 0)
            GROUP BY status, reason
            """)
        return try counts.compactMap { name, query in
            let count = try tx.first(query)?.int(0) ?? 0
            return count > 0 ? "\(count) \(name)" : nil
        } + rows.map { "\(try $0.int(2)) messages \(try $0.text(0)) \(try $0.textOrNil(1) ?? "")" }
    }

    /// What nobody would ever come back to.
    private static func forgotten(in tx: any ReadTransaction) throws -> [String] {
        let counts: [(String, Query)] = [
            ("unreadable deliveries", "SELECT count(*) FROM deliveries WHERE state = 'unreadable'"),
            ("failed events", "SELECT count(*) FROM events WHERE state = 'failed'"),
            ("failed jobs", "SELECT count(*) FROM jobs WHERE state = 'failed'"),
            ("calls that never ended", "SELECT count(*) FROM idempotency WHERE status IS NULL"),
            (
                "claims on what needs none",
                """
                SELECT count(*) FROM messages WHERE claim_token IS NOT NULL
                    AND status NOT IN ('claimed', 'handed_over', 'unknown')
                """
            ),
        ]
        return try counts.compactMap { name, query in
            let count = try tx.first(query)?.int(0) ?? 0
            return count > 0 ? "\(count) \(name)" : nil
        }
    }
}

extension ClusterLedger {
    /// All that is not as it must be, one sentence each.
    /// - Parameter sends: what reached the provider.
    func findings(orders count: Int, sends: [MetaSend]) -> [String] {
        leftovers + Self.lost(count, in: self) + sentWrongly(sends)
    }

    private static func lost(_ count: Int, in ledger: ClusterLedger) -> [String] {
        var told: [String: Int] = [:]
        for message in ledger.messages { told["\(message.order) \(message.step)", default: 0] += 1 }
        var findings: [String] = []
        for order in 0..<count {
            let status = ledger.orders[String(order)]
            let step: ClusterShop.Step = ClusterShop.isSent(order) ? .sent : .taken
            if status != step.rawValue { findings.append("order \(order) is \(status ?? "lost")") }
            let (taken, sent) = (told["\(order) processing"] ?? 0, told["\(order) completed"] ?? 0)
            let isRight =
                sent == (step == .sent ? 1 : 0) && (taken == 1 || taken == 0 && ClusterShop.isRacing(order))
            if !isRight {
                findings.append("order \(order) has \(taken) messages of its taking, \(sent) of its sending")
            }
        }
        if ledger.orders.count != count { findings.append("\(ledger.orders.count) orders in place of \(count)") }
        return findings
    }

    private func sentWrongly(_ sends: [MetaSend]) -> [String] {
        var calls: [String: Int] = [:]
        var reached: [String: Int] = [:]
        for send in sends {
            let attempt = send.callbackData ?? ""
            calls[attempt, default: 0] += 1
            if send.id != nil { reached[String(attempt.prefix { $0 != "." }), default: 0] += 1 }
        }
        var findings = calls.filter { $0.value > 1 }.map { "attempt \($0.key) was sent \($0.value) times" }
        findings += calls.keys.filter { !attempts.contains($0) }.map { "attempt \($0) is not in the ledger" }
        findings += Set(reached.keys).subtracting(messages.map(\.id)).map { "message \($0) is not in the ledger" }
        for message in messages {
            let count = reached[message.id] ?? 0
            // Whatever reached the provider was reported as read by it.
            let isRight =
                switch count {
                case 0: message.status == "unknown" && message.isPossibleDuplicate
                case 1: message.status == "read"
                case 2: message.status == "read" && message.isPossibleDuplicate
                default: false
                }
            let isExplained = !message.isPossibleDuplicate || onceUnknown.contains(message.id)
            guard !isRight || !isExplained else { continue }
            let marks = (message.isPossibleDuplicate ? ", marked" : "") + (isExplained ? "" : ", unexplained")
            findings.append(
                "message \(message.id) of order \(message.order) reached the provider \(count) times and is "
                    + message.status + marks)
        }
        return findings
    }
}
