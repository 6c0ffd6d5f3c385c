import Core
import TestSupport

/// How closely sends followed each other.
enum Pace {
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
