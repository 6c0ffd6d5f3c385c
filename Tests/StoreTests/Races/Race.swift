import Core
import Database
import Glibc
import SQL
import TestSupport

/// Two long-lived threads, each with a program's own connections to the same data, that meet before every round and
/// then do their parts at the same moment.
struct Race {
    /// How often the two of an ordinary case meet; `CARTWRIGHT_TEST_RACE_ROUNDS` asks for more.
    static let rounds = getenv("CARTWRIGHT_TEST_RACE_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 25

    /// - Parameter part: what one side (0 or 1) does in one round.
    /// - Returns: for each round what the two sides came to.
    static func run<Outcome: Sendable>(
        _ host: Host, rounds: Int = rounds,
        _ part: @escaping @Sendable (_ side: Int, _ round: Int, _ database: Database) throws -> Outcome
    ) throws -> [[Outcome]] {
        let databases = [host.database, try host.test.another()]
        defer { databases[1].close() }
        let meeting = Meeting()
        let outcomes = Monitor([[Outcome]](repeating: [], count: rounds))
        try Concurrently.run(2) { side in
            // A side that fails lets the other go.
            defer { meeting.leave() }
            for round in 0..<rounds {
                guard meeting.arrive() else { return }
                let outcome = try part(side, round, databases[side])
                outcomes.withLock { $0[round].append(outcome) }
            }
        }
        return outcomes.withLock { $0 }
    }

    /// Where two threads wait for each other again and again.
    private final class Meeting: Sendable {
        private struct State {
            var arrived = 0
            var round = 0
            var isBroken = false
        }

        private let state = Monitor(State())

        /// - Returns: false when the other one comes no more.
        func arrive() -> Bool {
            let round = state.withLock { state in
                defer {
                    state.arrived += 1
                    if state.arrived == 2 { (state.arrived, state.round) = (0, state.round + 1) }
                }
                return state.round
            }
            state.wakeAll()
            return state.wait { state in state.round > round ? true : state.isBroken ? false : nil }
        }

        func leave() {
            state.withLock { $0.isBroken = true }
            state.wakeAll()
        }
    }
}

/// One thing that may happen once, and is tried by two at the same time in every round.
struct RaceCase: Sendable, CustomStringConvertible {
    typealias Part = @Sendable (_ turn: Turn, _ tx: any WriteTransaction) throws -> Bool

    /// One side's part of one round.
    struct Turn: Sendable {
        let side: Int
        let round: Int
        let host: Host

        /// The same for both sides of a round, and no other round's.
        func name(_ prefix: String) -> String { "\(prefix)-\(round)" }
        /// Ten area codes, in each the hundred numbers that are kept for fiction.
        var phone: String {
            let areas = [202, 206, 212, 213, 214, 215, 216, 217, 218, 219]
            return "+1\(areas[round / 100 % 10])5550\(round % 100 + 100)"
        }
        /// Later with every round: what was made due one by one is claimed one by one.
        var now: Timestamp { Host.now + .seconds(Int64(round)) }
    }

    let description: String
    let isBatch: Bool
    let prepare: @Sendable (Host, _ rounds: Int, any WriteTransaction) throws -> Void
    let part: Part
    let kept: @Sendable (_ rounds: Int) -> [(String, Int)]

    /// - Parameters:
    ///   - isBatch: runs by `writeBatch`, as the program does.
    ///   - prepare: what stands before the first round.
    ///   - part: tries, and says whether it was the one that did it.
    ///   - kept: what the database counts after all rounds.
    init(
        _ description: String, isBatch: Bool = false,
        prepare: @escaping @Sendable (Host, _ rounds: Int, any WriteTransaction) throws -> Void = { _, _, _ in },
        part: @escaping Part, kept: @escaping @Sendable (_ rounds: Int) -> [(String, Int)] = { _ in [] }
    ) {
        self.description = description
        self.isBatch = isBatch
        self.prepare = prepare
        self.part = part
        self.kept = kept
    }

    static func turn(_ round: Int, _ host: Host) -> Turn { Turn(side: 0, round: round, host: host) }
}
