import CLocale

extension String {
    /// The text as names are searched and sorted by (`name_key` columns): without case, accents, compatibility forms
    /// and surplus spaces. `Élodie  MÜLLER` becomes `elodie muller`; letters of other scripts stay what they are.
    ///
    /// The key is stored, so a change of this rule needs a migration that writes the keys anew.
    package var searchKey: String {
        let folded: String
        if utf8.allSatisfy({ $0 < 128 }) {
            folded = lowercased()
        } else {
            folded = localeText { cl_fold(self, Int32(utf8.count), $0, $1) } ?? lowercased()
        }
        return folded.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
