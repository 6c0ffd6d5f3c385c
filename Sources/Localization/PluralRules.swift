import CLocale

/// The plural categories of CLDR, in the order in which a PO file's `msgstr[0]`, `msgstr[1]`, … name them for a
/// language that has them.
enum PluralCategory: String, CaseIterable, Sendable {
    case zero, one, two, few, many, other
}

/// Which category a number takes in one language.
///
/// Sendable because ICU's rules never change after they are opened, and selecting is const.
final class PluralRules: @unchecked Sendable {
    private let handle: OpaquePointer
    /// Those that the language has.
    let categories: [PluralCategory]

    /// Nil when ICU cannot open rules for the tag, which it does for every language by falling back to its root.
    init?(_ tag: LocaleTag) {
        guard let handle = cl_plurals_open(tag.description) else { return nil }
        self.handle = handle
        categories = PluralCategory.allCases.filter { cl_plurals_has(handle, $0.rawValue) }
    }

    deinit { cl_plurals_close(handle) }

    func category(of count: Int) -> PluralCategory {
        localeText { cl_plurals_category(handle, Double(count), $0, $1) }.flatMap(PluralCategory.init) ?? .other
    }
}
