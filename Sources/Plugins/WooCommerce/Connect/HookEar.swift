import Core
import PluginKit
import Synchronization

/// Writes down which of the shop's webhooks were heard of, and no oftener than anybody needs to know. What cannot be
/// written is only logged: a webhook is never refused for it.
final class HookEar: Sendable {
    private struct State {
        /// By webhook, when its last delivery was written down.
        var noted: [String: Timestamp] = [:]
        var pings = 0
        var pingsSince: Timestamp?
    }

    private static let noteEvery = Timestamp.Span.minutes(1)
    /// In each such minute. Pings are unsigned: this is all that a stranger can make us write.
    private static let mostPings = 60

    private let tables: any Tables
    private let clock: any Clock
    private let log: Log
    private let state = Mutex(State())

    init(tables: any Tables, clock: any Clock, log: Log) {
        self.tables = tables
        self.clock = clock
        self.log = log
    }

    func ping(_ webhook: String) {
        let now = clock.now()
        let isOne = state.withLock { state in
            if state.pingsSince.map({ now - $0 >= Self.noteEvery }) ?? true {
                state.pingsSince = now
                state.pings = 0
            }
            state.pings += 1
            return state.pings <= Self.mostPings
        }
        if isOne { write { tables in try tables.write { tx in try HeardTable.pinged(webhook, at: now, in: tx) } } }
    }

    /// - Parameter webhook: the shop's id of it, as its header says.
    func delivery(_ webhook: String?) {
        guard let webhook, Int(webhook) != nil, webhook.utf8.count <= 20 else { return }
        let now = clock.now()
        let isNews = state.withLock { state in
            if let last = state.noted[webhook], now - last < Self.noteEvery { return false }
            // A shop has a dozen webhooks for us; ids that never come again are not kept for ever.
            if state.noted.count > 100 { state.noted = [:] }
            state.noted[webhook] = now
            return true
        }
        if isNews { write { tables in try tables.write { tx in try HeardTable.delivered(webhook, at: now, in: tx) } } }
    }

    private func write(_ body: (any Tables) throws -> Void) {
        do {
            try body(tables)
        } catch {
            log.warning("woocommerce.heard", ["error": .error(error)])
        }
    }
}
