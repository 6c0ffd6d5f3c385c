import Core
import TestSupport

/// How closely sends followed each other at the provider.
enum Pace {
    /// What was kept waiting by a busy machine comes in at once when it goes on.
    private static let catchingUp = Timestamp.Span.milliseconds(300)

    /// Those whose arrival says when they left: not while the machine held this process up, nor shortly after.
    static func timely(_ sends: [MetaSend], holdUps: [HoldUps.HoldUp]) -> [MetaSend] {
        var rest = holdUps[...]
        return sends.sorted { $0.arrivedAt < $1.arrivedAt }.filter { send in
            while let first = rest.first, first.to + catchingUp <= send.arrivedAt { rest.removeFirst() }
            return rest.first.map { send.arrivedAt < $0.from } ?? true
        }
    }

    /// The most that arrived in any stretch of `span`.
    static func most(of sends: [MetaSend], within span: Timestamp.Span) -> Int {
        let times = sends.map(\.arrivedAt).sorted()
        var most = 0
        var first = 0
        for (index, time) in times.enumerated() {
            while times[first] + span <= time { first += 1 }
            most = max(most, index - first + 1)
        }
        return most
    }

    /// How many seconds sends arrived in, and in how many of them at least `count`.
    static func seconds(of sends: [MetaSend], withAtLeast count: Int) -> (full: Int, all: Int) {
        let seconds = Dictionary(grouping: sends) { $0.arrivedAt.milliseconds / 1000 }
        return (seconds.count { $0.value.count >= count }, seconds.count)
    }
}
