import App
import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store

/// Messages from planned to accepted by the program's own dispatcher, on one thread, through a channel that answers at
/// once: what the policy, the ledger and its commits take.
struct LedgerRun {
    let count: Int
    /// The data folder.
    let folder: String
    /// Nil: the file in the folder.
    let place: String?

    /// - Returns: messages per second.
    func run(clock: some Clock) throws -> Double {
        var options = HostOptions()
        options.data = folder
        options.database = place
        let log = Log(clock: clock) { _ in }
        let host = try Host(
            options, plugins: [InstantChannel()], resources: try Resources.find(nil),
            client: try CurlClient(version: "bench", clock: clock), clock: clock, log: log)
        defer { host.database.close() }
        try host.settings.change(["orders.consent": "legitimate_interest"], by: "bench")
        _ = try Application(host, resources: try Resources.find(nil))
        let turns = BackgroundTurns(host)
        try plan(host)
        let start = clock.sinceBoot()
        var left = count
        while left > 0 {
            let turn = try turns.dispatcher.turn()
            left -= try turns.answers.record()
            guard turn.decided > 0 || turn.handedOver > 0 else { throw Stuck(left: left) }
        }
        let elapsed = clock.sinceBoot() - start
        let accepted = try host.database.read {
            try $0.count("SELECT count(*) FROM messages WHERE status = 'accepted'")
        }
        guard accepted == count else { throw Stuck(left: count - accepted) }
        return Double(count) * 1000 / Double(max(1, elapsed.milliseconds))
    }

    private func plan(_ host: Host) throws {
        let now = host.clock.now()
        let people = try host.database.write { tx in
            try (0..<100).map { number in
                let contact = Contact(id: ID.make(at: now), phone: "+12025550\(100 + number)", createdAt: now)
                guard case .done(let added) = try ContactsTable.add(contact, in: tx) else { return contact.id }
                return added.id
            }
        }
        for first in stride(from: 0, to: count, by: 1000) {
            try host.planner.plan(
                (first..<min(first + 1000, count)).map { number in
                    MessageDraft(
                        intentKey: "api:bench-\(number)", purpose: .orders, contactID: people[number % people.count],
                        content: MessageContent(text: "Thank you for your order."), source: MessageSource(kind: .api))
                })
        }
    }

    struct Stuck: Error, CustomStringConvertible {
        let left: Int

        var description: String { "\(left) messages were not accepted" }
    }
}

/// A channel that accepts everything at once, without a limit of its own.
private struct InstantChannel: Plugin, Channel {
    let id = "sandbox"
    let abilities = ChannelAbilities(
        freeText: .always, hasTemplates: false, hasReceipts: false, messagesPerSecond: 1_000_000)

    var declaration: PluginDeclaration {
        PluginDeclaration(id: "instant", name: "Instant channel", version: "1", isCore: true, channels: [id])
    }

    func parts(_ context: PluginContext) throws -> PluginParts {
        var parts = PluginParts()
        parts.channels = [self]
        return parts
    }

    func sendingNumber() -> String? { "12025550100" }

    func call(_ message: OutgoingMessage) throws -> ChannelCall {
        .local { .accepted(providerID: "instant.\(message.attempt)", isHeld: false) }
    }

    func outcome(of response: OutboundResponse) -> SendOutcome {
        .unknown(code: "http_\(response.status)", detail: "", httpStatus: response.status)
    }

    func templates() throws -> [ChannelTemplate]? { nil }
}
