import CLocale
package import Core

/// A time zone of the IANA database, by name: `Europe/Berlin`.
package struct Zone: Sendable, Hashable {
    package let name: String

    /// Nil when the database has no zone of that name.
    package init?(_ name: String) {
        guard cl_zone_exists(name) else { return nil }
        self.name = name
    }

    private init(known name: String) { self.name = name }
    package static let utc = Zone(known: "UTC")

    /// The wall clock at that moment.
    package func localTime(of time: Timestamp) -> CalendarTime {
        var offset: Int64 = 0
        guard cl_zone_offset(name, time.milliseconds, &offset) else { return CalendarTime(time) }
        return CalendarTime(time + .milliseconds(offset))
    }

    /// The moment at which the wall clock shows `local`. A time that the zone skips is read as if the clock had not
    /// yet been put forward; of one that comes twice the first is taken.
    package func timestamp(of local: CalendarTime) -> Timestamp {
        let asUTC = local.timestamp
        var offset: Int64 = 0
        guard cl_zone_offset_of_local(name, asUTC.milliseconds, &offset) else { return asUTC }
        return asUTC - .milliseconds(offset)
    }
}
