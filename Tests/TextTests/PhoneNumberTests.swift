import Testing
import Text

@Suite struct PhoneNumberTests {
    private func e164(_ raw: String, _ countries: String...) -> String? {
        try? PhoneNumber.read(raw, countries: countries).get().e164
    }

    private func problem(_ raw: String, _ countries: String...) -> PhoneProblem? {
        guard case .failure(let problem) = PhoneNumber.read(raw, countries: countries) else { return nil }
        return problem
    }

    @Test(arguments: [
        "+12025550123", "+1 202 555 0123", "+1 (202) 555-0123", "+1.202.555.0123", " +1-202-555-0123 ",
        "+1 202/555 0123",
        "0012025550123", "00 1 202-555-0123", "+0012025550123", "＋１２０２５５５０１２３", "+١٢٠٢٥٥٥٠١٢٣", "٠٠١٢٠٢٥٥٥٠١٢٣",
        "+۱۲۰۲۵۵۵۰۱۲۳", "\u{202A}+1 202\u{A0}555\u{2011}0123\u{202C}", "\u{200E}+12025550123\u{FEFF}",
        "tel:+12025550123", "p:+12025550123", "whatsapp: +1 202 555 0123", "'+12025550123", "(+1) 202 555 0123",
    ])
    func `an international number needs no country, and no country changes it`(raw: String) {
        #expect(e164(raw) == "+12025550123")
        #expect(e164(raw, "AU", "DE") == "+12025550123")
    }

    @Test(arguments: [
        ("0491 570 006", "AU", "+61491570006"), ("(04) 91570006", "AU", "+61491570006"),
        ("491570006", "AU", "+61491570006"), ("61 491 570 006", "AU", "+61491570006"),
        ("0011 61 491 570 006", "AU", "+61491570006"), ("٠٤٩١ ٥٧٠ ٠٠٦", "AU", "+61491570006"),
        ("491570006.0", "AU", "+61491570006"), ("202-555-0123", "US", "+12025550123"),
        ("1 202 555 0123", "US", "+12025550123"), ("011 61 491 570 006", "US", "+61491570006"),
        ("2025550123", "us", "+12025550123"), ("2025550123", "CA", "+12025550123"),
        ("070-174 06 05", "SE", "+46701740605"),
        ("020 7946 0018", "GB", "+442079460018"), ("+44 (0)20 7946 0018", "US", "+442079460018"),
    ])
    func `a national number is read by its country`(raw: String, country: String, expected: String) {
        #expect(e164(raw, country) == expected)
    }

    @Test func `the countries are asked in their order`() throws {
        #expect(e164("0491 570 006", "US", "AU") == "+61491570006")
        #expect(e164("202 555 0123", "US", "AU") == "+12025550123")
        #expect(e164("0491570006", "", "??", "XX", "au", "US") == "+61491570006")
    }

    @Test func `ten digits of an American are nobody's number elsewhere`() {
        // The rule of old put a plus before them: +20 25550123 rings in Cairo.
        #expect(problem("2025550123") == .unknownCountry)
        #expect(problem("2025550123", "") == .unknownCountry)
        #expect(e164("2025550123", "US") == "+12025550123")
    }

    @Test(arguments: [
        ("", PhoneProblem.empty), ("  \u{A0}\u{200B} ", .empty), ("none", .notANumber), ("n/a", .notANumber),
        ("-", .notANumber), ("+", .notANumber), ("tel:", .empty), ("1-800-FLOWERS", .notANumber),
        ("2.02556E+09", .notANumber), ("2025550123, 2025550124", .notANumber), ("2025550123,,45", .notANumber),
        ("202-555-0123 ext 5", .notANumber), ("jane@example.com", .notANumber), ("📞", .notANumber), ("911", .tooShort),
        ("5550123", .tooShort), ("+1202555012", .tooShort), ("20255501234", .tooLong), ("+120255501234", .tooLong),
        ("2025550123 / 2025550124", .tooLong), ("+999 123 456 789", .unknownCountry),
        ("+0 123 456 789", .unknownCountry),
        ("1025550123", .invalidForCountry), ("+1 102 555 0123", .invalidForCountry), ("900-555-0123", .premium),
        ("800-555-0123", .service), (String(repeating: "1", count: 300), .tooLong),
    ])
    func `what cannot be messaged says why`(raw: String, expected: PhoneProblem) {
        #expect(problem(raw, "US") == expected)
    }

    @Test func `with several countries the first telling reason counts`() {
        #expect(problem("5550123", "XX", "US", "AU") == .tooShort)
        #expect(problem("5550123", "XX", "") == .unknownCountry)
    }

    @Test func `region and line are told as far as the digits tell`() throws {
        let mobile = try PhoneNumber.read("+61 491 570 006", countries: []).get()
        #expect(mobile.region == "AU")
        #expect(mobile.line == .mobile)
        #expect(try PhoneNumber.read("+44 20 7946 0018", countries: []).get().line == .fixed)
        let american = try PhoneNumber.read("+1 202 555 0123", countries: []).get()
        #expect(american.region == "US")
        #expect(american.line == .unknown)
    }

    @Test func `what was read is read again as itself`() throws {
        for raw in ["+61491570006", "+12025550123", "+442079460018", "+46701740605"] {
            let number = try PhoneNumber.read(raw, countries: []).get()
            #expect(number.e164 == raw)
            #expect(try PhoneNumber.read(number.e164, countries: ["DE"]).get() == number)
        }
    }

    @Test func `a number's zones are its country's, the likeliest first`() throws {
        #expect(try PhoneNumber.read("+61 491 570 006", countries: []).get().timeZone == "Australia/Sydney")
        let american = try PhoneNumber.read("+1 202 555 0123", countries: []).get()
        #expect(american.timeZone == "America/New_York")
        #expect(american.timeZones.contains("America/Los_Angeles"))
        #expect(RegionTimeZones.zones(of: "DE").first == "Europe/Berlin")
        #expect(RegionTimeZones.zones(of: "XK") == ["Europe/Belgrade"])
        #expect(RegionTimeZones.zones(of: "??").isEmpty)
    }

    @Test func `every zone of every country has rules`() throws {
        for first in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
            for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
                for zone in RegionTimeZones.zones(of: "\(first)\(second)") { _ = try TimeZoneRules.named(zone) }
            }
        }
    }
}
