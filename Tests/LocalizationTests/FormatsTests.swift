import Core
import Testing

@testable import Localization

@Suite struct `Formats of a locale` {
    @Test(arguments: [
        ("en", "1234.5", "EUR", "€1,234.50"), ("de", "1234.5", "EUR", "1.234,50 €"), ("en", "1234", "JPY", "¥1,234"),
        ("de", "1234", "JPY", "1.234 ¥"), ("en", "1.5", "KWD", "KWD 1.500"), ("de", "1.5", "KWD", "1,500 KWD"),
        ("ar-EG", "1.5", "KWD", "‏١٫٥٠٠ د.ك.‏"), ("ar-EG", "1234.5", "EUR", "‏١٬٢٣٤٫٥٠ €"),
        ("ar-EG", "1234", "JPY", "‏١٬٢٣٤ JP¥"), ("en", "-0.05", "USD", "-$0.05"), ("en", "1.234", "IQD", "IQD 1.234"),
        ("en", "92233720368547758.07", "USD", "$92,233,720,368,547,758.07"), ("en", "1", "x\u{0}y", "1.00 X\u{0}Y"),
    ])
    func `write money with the currency's decimals`(
        locale: String, amount: String, currency: String, text: String
    ) throws {
        let money = try #require(Money(amount: amount, currency: currency))
        let written = Formats(LocaleTag(locale)).money(money).replacing("\u{A0}", with: " ")
        #expect(written == text)
    }

    @Test(arguments: [
        ("en", DateStyle.short, "UTC", "Nov 20, 2026"), ("en", .long, "UTC", "November 20, 2026"),
        ("en", .time, "UTC", "11:04 PM"), ("en", .dateTime, "UTC", "Nov 20, 2026, 11:04 PM"),
        ("en", .dateTime, "Asia/Tokyo", "Nov 21, 2026, 8:04 AM"),
        ("de", .dateTime, "Europe/Berlin", "21.11.2026, 00:04"),
        ("en", .dateTime, "America/New_York", "Nov 20, 2026, 6:04 PM"), ("ja", .long, "Asia/Tokyo", "2026年11月21日"),
        ("ar-EG", .short, "Africa/Cairo", "٢١‏/١١‏/٢٠٢٦"),
    ])
    func `write dates in their zone`(locale: String, style: DateStyle, zone: String, text: String) throws {
        let time = try #require(Timestamp(rfc3339: "2026-11-20T23:04:05.000Z"))
        let written = Formats(LocaleTag(locale)).date(time, style, try #require(Zone(zone)))
        #expect(written.replacing("\u{A0}", with: " ") == text)
    }

    @Test(arguments: [
        ("0s", "now"), ("59s", "now"), ("1m", "1 minute ago"), ("5m", "5 minutes ago"), ("3h", "3 hours ago"),
        ("47h", "1 day ago"), ("60d", "2 months ago"), ("800d", "2 years ago"),
    ])
    func `tell a distance in its largest unit`(setting: String, text: String) throws {
        let now = Timestamp(seconds: 1_800_000_000)
        let span = try #require(Timestamp.Span(setting: setting))
        #expect(Formats(LocaleTag("en")).relative(now - span, to: now) == text)
    }

    @Test func `tell what is still to come`() {
        let now = Timestamp(seconds: 1_800_000_000)
        #expect(Formats(LocaleTag("en")).relative(now + .days(2), to: now) == "in 2 days")
    }

    @Test func `join lists and write numbers and shares`() {
        let english = Formats(LocaleTag("en"))
        let german = Formats(LocaleTag("de_DE_formal"))
        #expect(german.tag.description == "de-DE")
        #expect(english.list(["a", "b", "c"]) == "a, b, and c")
        #expect(german.list(["a", "b", "c"]) == "a, b und c")
        #expect(english.list([]) == "" && english.list(["ä"]) == "ä")
        #expect(german.number(1_234_567) == "1.234.567")
        #expect(german.number(2.345, decimals: 1) == "2,3")
        #expect(english.percent(0.125) == "12.5%" && english.percent(1) == "100%" && english.percent(1e-5) == "0%")
        #expect(german.percent(0.5) == "50\u{A0}%")
    }

    @Test func `hold long texts whole`() {
        let items = (0..<200).map { "item number \($0) äöü" }
        #expect(Formats(LocaleTag("ja")).list(items) == items.joined(separator: "、"))
    }

    @Test func `may be used by many threads at once`() async throws {
        let formats = Formats(LocaleTag("de"))
        let zones = try ["UTC", "Asia/Tokyo", "Europe/Berlin"].map { try #require(Zone($0)) }
        await withTaskGroup(of: Bool.self) { group in
            for n in 0..<200 {
                group.addTask {
                    let money = Money(minorUnits: Int64(n) * 100, currency: "EUR")
                    return formats.money(money) == "\(n),00\u{A0}€"
                        && formats.date(Timestamp(seconds: 0), .short, zones[n % 3]) == "01.01.1970"
                }
            }
            for await right in group { #expect(right) }
        }
    }
}

@Suite struct `A zone` {
    @Test(arguments: ["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires"])
    func `is known by its IANA name`(name: String) { #expect(Zone(name)?.name == name) }

    @Test(arguments: ["Mars/Olympus", "", "berlin"])
    func `is refused when the database has none`(name: String) { #expect(Zone(name) == nil) }

    @Test func `shows the wall clock and finds the moment again`() throws {
        let berlin = try #require(Zone("Europe/Berlin"))
        let summer = try #require(Timestamp(rfc3339: "2026-07-01T10:00:00.000Z"))
        #expect(berlin.localTime(of: summer).hour == 12)
        #expect(berlin.timestamp(of: berlin.localTime(of: summer)) == summer)
    }

    @Test func `reads the hour that is skipped and the hour that comes twice`() throws {
        let berlin = try #require(Zone("Europe/Berlin"))
        let skipped = try #require(CalendarTime(year: 2026, month: 3, day: 29, hour: 2, minute: 30))
        let twice = try #require(CalendarTime(year: 2026, month: 10, day: 25, hour: 2, minute: 30))
        #expect(berlin.timestamp(of: skipped).rfc3339 == "2026-03-29T01:30:00.000Z")
        #expect(berlin.timestamp(of: twice).rfc3339 == "2026-10-25T00:30:00.000Z")
    }
}

@Suite struct `A search key` {
    @Test(arguments: [
        ("Ada  Lovelace ", "ada lovelace"), ("Élodie MÜLLER", "elodie muller"), ("Straße", "strasse"),
        ("Łukasz Øyvind", "lukasz oyvind"), ("ＡＢＣ１２", "abc12"), ("İstanbul", "istanbul"), ("Ёлкин", "елкин"),
        ("أحمد", "احمد"), ("मोहिनी", "मोहिनी"), ("がく", "がく"), ("Νίκος", "νικοσ"), ("", ""),
    ])
    func `folds case and accents but not the word`(text: String, key: String) { #expect(text.searchKey == key) }
}
