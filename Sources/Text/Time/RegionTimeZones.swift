import Glibc

/// The IANA zones of each country, from tzdata's own table.
///
/// libphonenumber's mapper from number to zone exists in Java only, so a number's zone is its country's.
package enum RegionTimeZones {
    /// All zones of a country (alpha-2), the one where most people live first. Empty when unknown.
    ///
    /// Where a mistake would wake somebody, a time should suit all of them: the United States have 29.
    package static func zones(of region: String) -> [String] { table[region] ?? [] }

    private static let table: [String: [String]] = {
        var table = read(TimeZoneRules.folder + "/zone.tab")
        // tzdata orders by geography first; in these countries the first zone is an outlying one.
        let main = [
            "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto", "RU": "Europe/Moscow",
            "UA": "Europe/Kyiv",
        ]
        for (region, zone) in main {
            guard let zones = table[region], zones.contains(zone) else { continue }
            table[region] = [zone] + zones.filter { $0 != zone }
        }
        // Phone regions that have no line of their own.
        for (region, like) in ["AC": "SH", "TA": "SH", "XK": "RS"] where table[region] == nil {
            table[region] = table[like]
        }
        return table
    }()

    /// Lines of `country TAB coordinates TAB zone [TAB comment]`.
    private static func read(_ path: String) -> [String: [String]] {
        guard let bytes = SmallFile.read(path, limit: 1 << 20) else { return [:] }
        var table: [String: [String]] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: "\t")
            if fields.count >= 3 { table[String(fields[0]), default: []].append(String(fields[2])) }
        }
        return table
    }
}

extension PhoneNumber {
    /// The zones in which its owner may live; see `RegionTimeZones.zones`.
    package var timeZones: [String] { region.map(RegionTimeZones.zones) ?? [] }

    /// The likeliest zone; nil for numbers of no country.
    package var timeZone: String? { timeZones.first }
}
