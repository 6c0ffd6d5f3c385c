package import Core
import Synchronization

/// The offsets from UTC that hold in an IANA time zone, past and future, read from the system's tzdata.
///
/// glibc's `localtime` knows one zone per process, ICU belongs to Localization, and FoundationEssentials has fixed
/// offsets only; so the file format (RFC 9636) is read here.
package struct TimeZoneRules: Sendable {
    static let folder = "/usr/share/zoneinfo"

    package let identifier: String
    /// UTC seconds at which `offsets` of the same index begin to hold; rising.
    private let transitions: [Int64]
    /// Seconds east of UTC.
    private let offsets: [Int]
    /// What holds before the first transition.
    private let firstOffset: Int
    /// What holds from the last transition on.
    private let rule: PosixTimeZone?

    /// The rules of a zone, read once per process. A tzdata update is seen after a restart.
    package static func named(_ identifier: String) throws(TimeZoneError) -> TimeZoneRules {
        if let known = cache.withLock({ $0[identifier] }) { return known }
        let rules = try TimeZoneRules(identifier)
        cache.withLock { $0[identifier] = rules }
        return rules
    }

    private static let cache = Mutex<[String: TimeZoneRules]>([:])

    /// Reads `identifier` (`Europe/Berlin`) from the disk.
    package init(_ identifier: String) throws(TimeZoneError) {
        guard Self.isIdentifier(identifier),
            let bytes = SmallFile.read(Self.folder + "/" + identifier, limit: 1 << 20)
        else { throw TimeZoneError(kind: .unknown, identifier: identifier) }
        guard let file = TZif(bytes) else { throw TimeZoneError(kind: .malformed, identifier: identifier) }
        self.identifier = identifier
        transitions = file.transitions
        offsets = file.offsets
        firstOffset = file.firstOffset
        rule = file.rule
    }

    /// Seconds east of UTC at a UTC second.
    func offset(atSecond second: Int64) -> Int {
        guard let first = transitions.first, second >= first else {
            return transitions.isEmpty ? rule?.offset(at: second) ?? firstOffset : firstOffset
        }
        if let rule, let last = transitions.last, second >= last { return rule.offset(at: second) }
        var low = 0
        var high = transitions.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if transitions[middle] <= second { low = middle } else { high = middle }
        }
        return offsets[low]
    }

    /// Letters, digits and `_+-` in parts divided by `/`: what comes from a setting never leaves the folder.
    private static func isIdentifier(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty && part.count < 64
                && part.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
        }
    }
}

// What a wall clock in the zone shows.
extension TimeZoneRules {
    /// How far local time is ahead of UTC at `time`.
    package func offset(at time: Timestamp) -> Timestamp.Span {
        .seconds(Int64(offset(atSecond: Self.second(of: time))))
    }

    /// The date and time that a clock there shows at `time`.
    package func local(at time: Timestamp) -> CalendarTime { CalendarTime(time + offset(at: time)) }

    /// 0 (midnight) to 1439.
    package func minuteOfDay(at time: Timestamp) -> Int {
        let local = local(at: time)
        return local.hour * 60 + local.minute
    }

    /// The moment a local date and time come. When the clocks go back and it comes twice: the first. When they go
    /// forward over it: the moment they do.
    package func timestamp(ofLocal local: CalendarTime) -> Timestamp {
        moments(ofLocal: local.timestamp)[0]
    }

    /// The first moment after `time` at which a clock there shows `minuteOfDay` (0 to 1439), to the full minute.
    /// On a day on which the clocks go forward over it: the moment they do. On a day it comes twice, `time` lying
    /// between: the second.
    package func next(minuteOfDay: Int, after time: Timestamp) -> Timestamp {
        precondition((0..<1440).contains(minuteOfDay), "a day has 1440 minutes")
        let today = local(at: time)
        let midnight = today.timestamp - .milliseconds(Self.sinceMidnight(today))
        var day: Int64 = 0
        while true {
            let wanted = midnight + .days(day) + .minutes(Int64(minuteOfDay))
            if let next = moments(ofLocal: wanted).first(where: { $0 > time }) { return next }
            day += 1
        }
    }

    /// The moments, in order, at which clocks there show what `local` says as if it were UTC; never empty. Right
    /// as long as no two transitions lie within two days.
    private func moments(ofLocal local: Timestamp) -> [Timestamp] {
        let wanted = Self.second(of: local)
        let before = offset(atSecond: wanted - 86_400)
        let after = offset(atSecond: wanted + 86_400)
        var found: [Timestamp] = []
        // The larger offset gives the earlier moment.
        for candidate in before == after ? [before] : [max(before, after), min(before, after)]
        where offset(atSecond: wanted - Int64(candidate)) == candidate {
            found.append(local - .seconds(Int64(candidate)))
        }
        if !found.isEmpty { return found }
        // The clocks went over it, somewhere between these two.
        var low = wanted - Int64(max(before, after))
        var high = wanted - Int64(min(before, after))
        while high - low > 1 {
            let middle = (low + high) / 2
            if offset(atSecond: middle) == after { high = middle } else { low = middle }
        }
        return [Timestamp(seconds: high)]
    }

    private static func second(of time: Timestamp) -> Int64 {
        (time.milliseconds - (time.milliseconds % 1000 + 1000) % 1000) / 1000
    }

    private static func sinceMidnight(_ local: CalendarTime) -> Int64 {
        Int64(local.hour * 3600 + local.minute * 60 + local.second) * 1000 + Int64(local.millisecond)
    }
}
