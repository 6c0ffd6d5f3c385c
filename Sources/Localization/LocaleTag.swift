import CLocale

/// A locale by its BCP 47 tag, whatever way it was written: `pt_BR`, `pt-br` and `pt_BR.UTF-8` are all `pt-BR`.
package struct LocaleTag: Sendable, Hashable, CustomStringConvertible {
    package let description: String

    /// Keeps language, script and region. The rest names no catalogue or format: WordPress marks manners of address by
    /// it (`de_DE_formal`). What names no language becomes `und`.
    package init(_ name: String) {
        let subtags = (localeText { cl_locale_tag(name, $0, $1) } ?? "und").split(separator: "-")
        let kept = subtags.dropFirst().prefix { subtag in
            let isScript = subtag.utf8.count == 4 && subtag.first?.isLetter == true
            return isScript || subtag.utf8.count == 2 || (subtag.utf8.count == 3 && subtag.first?.isNumber == true)
        }
        description = (subtags.prefix(1) + kept).joined(separator: "-")
    }

    private init(canonical: String) { description = canonical }

    /// This tag and all that is more general, nearest first: `zh-Hant-TW`, `zh-Hant`, `zh`.
    package var chain: [LocaleTag] {
        var tags = [self]
        var rest = description[...]
        while let dash = rest.lastIndex(of: "-") {
            rest = rest[..<dash]
            tags.append(LocaleTag(canonical: String(rest)))
        }
        return tags
    }

    package var direction: TextDirection {
        cl_locale_is_right_to_left(description) ? .rightToLeft : .leftToRight
    }
}

/// Where a line of text begins; the raw value is that of HTML's `dir`.
package enum TextDirection: String, Sendable {
    case leftToRight = "ltr"
    case rightToLeft = "rtl"
}
