import Core
import Synchronization

/// Says how far a move has come: one line that renews itself on a terminal, a line every few seconds elsewhere.
final class MoveProgress: Sendable {
    private struct State {
        var verb = ""
        var table = ""
        var rows = 0
        var total = 0
        var began = Timestamp.Span.zero
        var said: Timestamp.Span?
    }

    private let terminal: Terminal
    private let clock: any Clock
    private let watch: @Sendable (String) throws -> Void
    private let state = Mutex(State())

    private static let liveEvery = Timestamp.Span.milliseconds(200)
    private static let lineEvery = Timestamp.Span.seconds(3)

    /// - Parameter watch: told what is done, as each step begins and after each page; what it throws ends the move there.
    init(
        _ terminal: Terminal, clock: any Clock, watch: @escaping @Sendable (String) throws -> Void = { _ in }
    ) {
        self.terminal = terminal
        self.watch = watch
        self.clock = clock
    }

    /// - Parameter total: the rows of the table; some may have been done before.
    func begin(_ verb: String, _ table: String, of total: Int) throws {
        let now = clock.sinceBoot()
        state.withLock { state in
            state = State(verb: verb, table: table, total: total, began: now, said: state.said ?? now)
        }
        try watch("\(verb) \(table)")
    }

    func add(_ rows: Int) throws {
        let now = clock.sinceBoot()
        let (line, step) = state.withLock { state -> (String?, String) in
            let step = "\(state.verb) \(state.table)"
            state.rows += rows
            let pause = terminal.isLive ? Self.liveEvery : Self.lineEvery
            guard let said = state.said, now - said >= pause else { return (nil, step) }
            state.said = now
            return (Self.line(state, at: now), step)
        }
        // Back to the line's begin, and clear it.
        if let line {
            terminal.complain(Array((terminal.isLive ? "\r\u{1B}[2K" + line : line + "\n").utf8))
        }
        try watch(step)
    }

    /// Leaves the terminal's line as it was found.
    func finish() {
        if terminal.isLive { terminal.complain(Array("\r\u{1B}[2K".utf8)) }
    }

    private static func line(_ state: State, at now: Timestamp.Span) -> String {
        var line = "\(state.verb) \(state.table): \(state.rows) of \(state.total) rows"
        let elapsed = (now - state.began).milliseconds
        guard elapsed > 0, state.rows > 0 else { return line }
        let rate = state.rows * 1000 / Int(elapsed)
        line += ", \(rate) a second"
        if rate > 0 { line += ", \(max(state.total - state.rows, 0) / rate) s left" }
        return line
    }
}
