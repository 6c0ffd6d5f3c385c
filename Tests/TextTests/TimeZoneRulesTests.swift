import Core
import Testing

@testable import Text

@Suite struct TimeZoneRulesTests {
    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    private func shown(_ zone: String, _ utc: String) throws -> String {
        let rules = try TimeZoneRules.named(zone)
        return String(rules.local(at: try time(utc)).timestamp.rfc3339.prefix(19))
    }

    @Test(arguments: [
        ("UTC", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00"),
        ("Asia/Kathmandu", "2026-07-01T20:00:00Z", "2026-07-02T01:45:00"),
        ("Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59"),
        ("Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00"),
        ("Europe/Berlin", "2026-10-25T00:59:59Z", "2026-10-25T02:59:59"),
        ("Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00"),
        ("America/New_York", "2026-03-08T06:59:59Z", "2026-03-08T01:59:59"),
        ("America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00"),
        ("America/New_York", "2026-11-01T06:00:00Z", "2026-11-01T01:00:00"),
        ("Australia/Sydney", "2026-01-01T00:00:00Z", "2026-01-01T11:00:00"),
        ("Australia/Sydney", "2026-07-01T00:00:00Z", "2026-07-01T10:00:00"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z", "2026-04-05T01:30:00"),
        ("Australia/Lord_Howe", "2026-10-03T15:30:00Z", "2026-10-04T02:30:00"),
        ("Europe/Dublin", "2026-01-15T12:00:00Z", "2026-01-15T12:00:00"),
        ("Europe/Dublin", "2026-07-15T12:00:00Z", "2026-07-15T13:00:00"),
        ("Asia/Kolkata", "1970-01-01T00:00:00Z", "1970-01-01T05:30:00"),
        ("Europe/Berlin", "1900-01-01T00:00:00Z", "1900-01-01T01:00:00"),
        ("Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T23:59:59"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T00:00:00"),
        ("Etc/GMT+5", "2026-07-01T12:00:00Z", "2026-07-01T07:00:00"),
    ])
    func `a clock there shows`(zone: String, utc: String, local: String) throws {
        #expect(try shown(zone, utc) == local)
    }

    @Test(arguments: [
        ("Europe/Berlin", "2060-03-28T00:59:59Z", "2060-03-28T01:59:59"),
        ("Europe/Berlin", "2060-03-28T01:00:00Z", "2060-03-28T03:00:00"),
        ("Europe/Berlin", "2060-10-31T01:00:00Z", "2060-10-31T02:00:00"),
        ("America/New_York", "2060-03-14T07:00:00Z", "2060-03-14T03:00:00"),
        ("Australia/Sydney", "2060-12-31T23:00:00Z", "2061-01-01T10:00:00"),
        ("Australia/Sydney", "2060-07-01T00:00:00Z", "2060-07-01T10:00:00"),
        ("Asia/Tokyo", "2060-07-01T00:00:00Z", "2060-07-01T09:00:00"),
    ])
    func `the rule behind the table serves later years`(zone: String, utc: String, local: String) throws {
        #expect(try shown(zone, utc) == local)
    }

    @Test(arguments: [
        // From RFC 9636 and the zones that use the extensions.
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", -7200),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -3600),
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-26T23:59:59Z", 7200),
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27T00:00:00Z", 10800),
        ("XXX3EDT4,0/0,J365/23", "2026-01-01T00:00:00Z", -14400),
        ("XXX3EDT4,0/0,J365/23", "2026-07-01T00:00:00Z", -14400),
        ("AAA0BBB,J60/0,J61/0", "2024-03-01T00:30:00Z", 3600),
        ("AAA0BBB,J60/0,J61/0", "2024-02-29T00:30:00Z", 0),
        ("AAA0BBB,59/0,60/0", "2024-02-29T00:30:00Z", 3600),
        ("<+1245>-12:45", "2026-01-01T00:00:00Z", 45_900),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01T00:00:00Z", 3600),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-01T00:00:00Z", 0),
    ])
    func `a rule of each form is understood`(rule: String, utc: String, offset: Int) throws {
        let zone = try #require(PosixTimeZone(rule))
        #expect(zone.offset(at: try time(utc).milliseconds / 1000) == offset)
    }

    @Test(arguments: [
        "", "CET", "C-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-168", "<CET-1", "CET-1CEST,J0,J366",
    ])
    func `a broken rule is refused`(rule: String) {
        #expect(PosixTimeZone(rule) == nil)
    }

    @Test(arguments: [
        // Later today, and tomorrow.
        ("Europe/Berlin", 8 * 60, "2026-07-01T05:00:00Z", "2026-07-01T06:00:00Z"),
        ("Europe/Berlin", 8 * 60, "2026-07-01T06:00:00Z", "2026-07-02T06:00:00Z"),
        ("Europe/Berlin", 8 * 60, "2026-07-01T05:59:59.999Z", "2026-07-01T06:00:00Z"),
        ("Europe/Berlin", 0, "2026-07-01T21:59:00Z", "2026-07-01T22:00:00Z"),
        // The night the clocks go forward: 8:00 comes an hour earlier, 2:30 not at all.
        ("Europe/Berlin", 8 * 60, "2026-03-28T20:00:00Z", "2026-03-29T06:00:00Z"),
        ("Europe/Berlin", 150, "2026-03-28T20:00:00Z", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", 150, "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"),
        // The night they go back: 2:30 comes twice.
        ("Europe/Berlin", 8 * 60, "2026-10-24T20:00:00Z", "2026-10-25T07:00:00Z"),
        ("Europe/Berlin", 150, "2026-10-24T20:00:00Z", "2026-10-25T00:30:00Z"),
        ("Europe/Berlin", 150, "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"),
        ("Europe/Berlin", 150, "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z"),
        ("America/New_York", 8 * 60, "2026-11-01T02:00:00Z", "2026-11-01T13:00:00Z"),
        ("Australia/Lord_Howe", 135, "2026-10-03T12:00:00Z", "2026-10-03T15:30:00Z"),
        // A day that was left out.
        ("Pacific/Apia", 720, "2011-12-29T23:00:00Z", "2011-12-30T10:00:00Z"),
        ("Asia/Kathmandu", 0, "2026-07-01T12:00:00Z", "2026-07-01T18:15:00Z"),
    ])
    func `the next time a clock shows`(zone: String, minute: Int, after: String, expected: String) throws {
        let next = try TimeZoneRules.named(zone).next(minuteOfDay: minute, after: time(after))
        #expect(next == (try time(expected)))
    }

    @Test(arguments: [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago",
        "America/Nuuk", "Asia/Kolkata", "Africa/Cairo", "Pacific/Chatham", "America/Havana",
    ])
    func `the next time is later, soon, and shown there unless the clocks go over it`(zone: String) throws {
        let rules = try TimeZoneRules(zone)
        var now = try time("2025-12-31T23:17:00Z")
        for step in 0..<3000 {
            let minute = step * 37 % 1440
            let next = rules.next(minuteOfDay: minute, after: now)
            #expect(next > now)
            #expect(next - now <= .hours(25))
            let isShown = rules.minuteOfDay(at: next) == minute
            let isChange = rules.offset(at: next) > rules.offset(at: next - .milliseconds(1))
            #expect(isShown || isChange)
            now = now + .hours(7)
        }
    }

    @Test func `a local date and time become a moment`() throws {
        let rules = try TimeZoneRules.named("Europe/Berlin")
        func moment(_ local: String) throws -> String {
            rules.timestamp(ofLocal: CalendarTime(try time(local))).rfc3339
        }
        #expect(try moment("2026-07-01T08:00:00Z") == "2026-07-01T06:00:00.000Z")
        #expect(try moment("2026-03-29T02:30:00Z") == "2026-03-29T01:00:00.000Z")
        #expect(try moment("2026-10-25T02:30:00Z") == "2026-10-25T00:30:00.000Z")
    }

    @Test(arguments: [
        "", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "Europe/../Europe/Berlin", "Europe", "Europe//Berlin",
        "Europe/",
        "zone.tab", "Europe/Berlin\0", "europe berlin",
    ])
    func `what is no zone is refused`(identifier: String) {
        let error = #expect(throws: TimeZoneError.self) { try TimeZoneRules(identifier) }
        #expect(error?.kind == .unknown)
    }

    @Test func `a damaged file is refused, never misread`() throws {
        let bytes = try #require(SmallFile.read(TimeZoneRules.folder + "/Europe/Berlin", limit: 1 << 20))
        #expect(TZif(bytes) != nil)
        for count in bytes.indices { #expect(TZif(Array(bytes.prefix(count))) == nil) }
        #expect(TZif(Array("TZif1".utf8) + bytes.dropFirst(5)) == nil)
    }
}
