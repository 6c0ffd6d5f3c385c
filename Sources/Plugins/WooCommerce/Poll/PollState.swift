package import Core
package import SQL
package import Templating
import Text

/// How asking the shop goes, for people: one row of a shop.
package struct PollState: Sendable, Equatable {
    /// Since when the shop's orders are asked for, in its time: older changes were never looked at.
    package var since: Timestamp?
    package var succeededAt: Timestamp?
    /// How many changes the last turn found.
    package var found: Int
    package var nextAt: Timestamp?
    /// Failures in a row.
    package var failures: Int
    package var failingSince: Timestamp?
    /// Why the last turn failed, and what to do.
    package var trouble: Word?

    init() {
        found = 0
        failures = 0
    }

    /// - Parameter store: the shop's address, as `woocommerce.store_url` holds it. Of another shop nothing is known.
    package static func find(store: String, in tx: any ReadTransaction) throws -> PollState? {
        let row = try tx.first(
            """
            SELECT succeeded_at, found, next_at, failures, failing_since, trouble FROM woocommerce_poll_turns
            WHERE store = \(store)
            """)
        guard let row else { return nil }
        var state = PollState()
        state.since = try PollCursorTable.find(store: store, PolledResource.orders.path, in: tx)?.since
        state.succeededAt = try row.timeOrNil(0)
        state.found = try row.int(1)
        state.nextAt = try row.timeOrNil(2)
        state.failures = try row.int(3)
        state.failingSince = try row.timeOrNil(4)
        state.trouble = try row.textOrNil(5).flatMap(Self.word)
        return state
    }

    func put(store: String, in tx: any WriteTransaction) throws {
        try tx.run(
            """
            INSERT INTO woocommerce_poll_turns (store, succeeded_at, found, next_at, failures, failing_since, trouble)
            VALUES (\(store), \(succeededAt), \(found), \(nextAt), \(failures), \(failingSince),
                \(trouble.map(Self.text)))
            ON CONFLICT (store) DO UPDATE SET succeeded_at = excluded.succeeded_at, found = excluded.found,
                next_at = excluded.next_at, failures = excluded.failures, failing_since = excluded.failing_since,
                trouble = excluded.trouble
            """)
    }

    private static func text(_ word: Word) -> String {
        let json = JSONWriter.object { json in
            json.field("word", word.key)
            json.object("arguments") { json in
                for (name, text) in word.texts.sorted(by: { $0.key < $1.key }) { json.field(name, text) }
            }
        }
        return String(decoding: json, as: UTF8.self)
    }

    private static func word(_ text: String) -> Word? {
        guard let json = try? JSON(parsing: text), let key = json["word"].string else { return nil }
        let pairs = (json["arguments"].object ?? []).map { ($0.key, WordArgument.text($0.value.string ?? "")) }
        return Word(key, Dictionary(pairs) { first, _ in first })
    }
}

extension Word {
    /// Those of its arguments that are texts.
    var texts: [String: String] {
        arguments.compactMapValues { if case .text(let text) = $0 { text } else { nil } }
    }
}
