import Core
import HTTP
import PluginKit
import Templating

/// Asks the shop every so often for what webhooks did not tell: some are lost, and behind a router none arrive.
struct PollJob: Sendable {
    static let kind = "woocommerce.poll"
    /// The alert has the job's name.
    static let alert = kind
    /// A shop that is merely out of reach is told of after this long.
    private static let patience = Timestamp.Span.hours(1)
    private static let longestWait = Timestamp.Span.hours(1)

    let client: ShopClient
    let context: PluginContext

    var declaration: JobDeclaration {
        JobDeclaration(kind: Self.kind, every: context.settings[WooCommerceSettings.poll]) { run in try turn(run) }
    }

    private func turn(_ run: JobRun) throws {
        let store = context.settings[WooCommerceSettings.storeURL]
        do {
            _ = try ShopAccess(context.settings)
            let poll = ShopPoll(client: client, context: context, store: store)
            guard let found = try all(poll, run) else { return }
            _ = try OrderNotes(client: client, context: context, store: store).round(run)
            try succeeded(found, store)
        } catch let error as ShopError {
            // Nothing to ask for before somebody has connected the shop.
            if error.kind == .notSetUp { return context.alerts.close(Self.alert) }
            let failure = try failed(error, store)
            // A person was told and has to act; trying again sooner would mend nothing.
            guard !error.needsPerson else { return }
            throw failure
        }
    }

    /// Nil when it was stopped before the end.
    private func all(_ poll: ShopPoll, _ run: JobRun) throws -> Int? {
        var found = 0
        for resource in PolledResource.all {
            do {
                let some = try poll.turn(resource) { progress in
                    try run.save(progress)
                    return !run.shouldStop()
                }
                guard let some else { return nil }
                found += some
            } catch let error as ShopError where !error.isPassing && resource.path != PolledResource.orders.path {
                // Keys may be allowed to see orders and nothing else.
                context.log.warning(
                    "woocommerce.poll", ["resource": .text(resource.path), "error": .text(error.description)])
            }
        }
        return found
    }

    private func succeeded(_ found: Int, _ store: String) throws {
        let now = context.clock.now()
        let every = context.settings[WooCommerceSettings.poll]
        try change(store) { state in
            state.succeededAt = now
            state.found = found
            state.nextAt = every.map { now + $0 }
            state.failures = 0
            state.failingSince = nil
            state.trouble = nil
        }
        context.alerts.close(Self.alert)
        context.alerts.close(ShopConnection.keysAlert)
    }

    /// Keeps what is wrong, tells a person where one has to act, and says when to try again.
    private func failed(_ error: ShopError, _ store: String) throws -> JobFailure {
        let now = context.clock.now()
        let every = context.settings[WooCommerceSettings.poll] ?? Self.longestWait
        let state = try change(store) { state in
            state.failures += 1
            state.failingSince = state.failingSince ?? now
            state.trouble = error.word
            state.nextAt = now + Self.wait(error, state.failures, every: every, now)
        }
        // Switched off in the meantime: then nobody is to be told.
        let isOn = context.settings[WooCommerceSettings.poll] != nil
        if isOn, error.needsPerson || now - (state.failingSince ?? now) >= Self.patience {
            context.alerts.open(
                Alert(
                    id: error.concernsKeys ? ShopConnection.keysAlert : Self.alert, severity: .warning,
                    word: error.word.key, arguments: error.word.texts, href: "/admin/shop"))
        }
        return JobFailure(.after((state.nextAt ?? now) - now), message: error.description)
    }

    /// As the shop says; where a person must act first at the usual time; else soon, and ever later.
    private static func wait(
        _ error: ShopError, _ failures: Int, every: Timestamp.Span, _ now: Timestamp
    ) -> Timestamp.Span {
        if let span = error.retryAfter.flatMap({ RetryAfter.parse($0, now: now) }) {
            return min(max(span, .seconds(1)), longestWait)
        }
        if error.needsPerson { return every }
        return min(.seconds(5 << Int64(min(failures, 12))), max(every, .seconds(10)))
    }

    @discardableResult
    private func change(
        _ store: String, _ change: @escaping @Sendable (inout PollState) -> Void
    ) throws -> PollState {
        try context.tables.write { tx in
            var state = try PollState.find(store: store, in: tx) ?? PollState()
            change(&state)
            try state.put(store: store, in: tx)
            return state
        }
    }
}
