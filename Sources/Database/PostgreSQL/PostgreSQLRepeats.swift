import Core

/// Counts the runs of one write closure and says whether it may run again, and how.
struct PostgreSQLRepeats {
    private let clock: any Clock
    private let start: Timestamp.Span
    private var runs = 0
    private var met = 0
    /// Runs that ended by what is not to be expected again and again; those that met others do not count for it.
    private var accidents = 0
    /// A run of it took the program so long that the server took it for stopped.
    private(set) var wasSlow = false

    /// A closure that keeps meeting others is given up when it has had both so many runs and so much time.
    static let leastRuns = 10
    static let time = Timestamp.Span.seconds(8)
    /// From so many meetings on a closure runs alone within the process (docs/decisions/0002-two-engines.md).
    private static let meetingsBeforeGate = 3
    /// A row that a unique key refuses is there for good after so many looks; a connection dies seldom twice.
    private static let fewRuns = 4

    init(clock: any Clock) {
        self.clock = clock
        start = clock.sinceBoot()
    }

    /// Its next run waits for those of others that met too often.
    var runsAlone: Bool { met >= Self.meetingsBeforeGate }

    mutating func mayRun(after failure: PostgreSQLFailure) -> Bool {
        runs += 1
        if failure.isOfStopped { wasSlow = true }
        switch failure.repetition {
        case .never: return false
        case .conflict, .statements, .lostConnection:
            accidents += 1
            return accidents < Self.fewRuns
        case .contention:
            met += 1
            return runs < Self.leastRuns || clock.sinceBoot() - start < Self.time
        }
    }

    /// How long to wait before the next run, at random, so that those who met do not meet again: up to 2, 4, 8 ms;
    /// alone within the process, there are few left to meet.
    func pause() -> UInt32 { UInt32.random(in: 0...(1000 << UInt32(min(runs, 3)))) }
}
