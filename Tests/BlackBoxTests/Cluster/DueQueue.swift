import Core

/// What is to be done at certain times, for several threads that do it.
final class DueQueue<Item: Sendable>: Sendable {
    private struct State {
        /// The next one is the last.
        var waiting: [(due: Timestamp.Span, item: Item)] = []
        /// Taken, and not said to be done.
        var inHand = 0
        var isClosed = false
    }

    private enum Turn {
        case take([Item])
        case wait(Timestamp.Span)
        case end
    }

    private let clock = SystemClock()
    private let state = Monitor(State())

    /// Nothing waits, and nothing is in hand that might bring more.
    var isIdle: Bool { state.withLock { $0.waiting.isEmpty && $0.inHand == 0 } }

    /// - Parameter due: by time since boot.
    func add(_ item: Item, due: Timestamp.Span) {
        state.withLock { state in
            var low = 0
            var high = state.waiting.count
            while low < high {
                let middle = (low + high) / 2
                if state.waiting[middle].due > due { low = middle + 1 } else { high = middle }
            }
            state.waiting.insert((due, item), at: low)
        }
        state.wakeOne()
    }

    /// Threads that ask when nothing is left are told to end.
    func close() {
        state.withLock { $0.isClosed = true }
        state.wakeAll()
    }

    /// Waits for what is due; nil at the end. Each item taken is to be followed by `done`.
    func take(most: Int = 1) -> [Item]? {
        while true {
            switch turn(most) {
            case .take(let items): return items
            case .end: return nil
            case .wait(let span): _ = state.wait(atMost: span) { _ in Void?.none }
            }
        }
    }

    func done(_ count: Int = 1) {
        state.withLock { $0.inHand -= count }
        state.wakeAll()
    }

    private func turn(_ most: Int) -> Turn {
        let now = clock.sinceBoot()
        return state.withLock { state in
            var items: [Item] = []
            while items.count < most, let next = state.waiting.last, next.due <= now {
                items.append(next.item)
                state.waiting.removeLast()
            }
            state.inHand += items.count
            if !items.isEmpty { return .take(items) }
            if state.isClosed, state.waiting.isEmpty, state.inHand == 0 { return .end }
            let next = state.waiting.last.map { $0.due - now } ?? .seconds(1)
            return .wait(min(next, .milliseconds(100)))
        }
    }
}
