import Glibc
import Synchronization

/// All words that the program shows to people: the PO files of one folder, read once at the start.
///
/// A message's key is its `msgid` (`orders.title`), its text the `msgstr`. One with a `msgid_plural` is chosen by its
/// argument `count`; its forms stand in the order zero, one, two, few, many, other, as far as the language has them.
/// `en.po` is complete; every other language falls back to it, word by word.
package final class Catalog: Sendable {
    /// The language that has every word.
    package static let baseTag = LocaleTag("en")

    let base: Language
    let languages: [LocaleTag: Language]
    /// Whoever asks for words of a locale may make them; nobody holds this while formatting.
    private let made = Mutex<[LocaleTag: Words]>([:])

    init(base: Language, others: [Language]) {
        self.base = base
        languages = others.reduce(into: [base.tag: base]) { $0[$1.tag] = $1 }
    }

    /// Reads every `<language>.po` of the folder. The error names file and line.
    package static func load(_ folder: String) throws(LocalizationError) -> Catalog {
        let names = try poFiles(in: folder)
        guard let first = names.first(where: { LocaleTag(String($0.dropLast(3))) == baseTag }) else {
            throw LocalizationError(file: folder, message: "there is no \(baseTag).po")
        }
        let base = try Language(tag: baseTag, file: POFile(path: "\(folder)/\(first)"), base: nil)
        var others: [Language] = []
        for name in names where name != first {
            let tag = LocaleTag(String(name.dropLast(3)))
            others.append(try Language(tag: tag, file: POFile(path: "\(folder)/\(name)"), base: base))
        }
        return Catalog(base: base, others: others)
    }

    /// The same words and those that a plugin brings, by language and key. English has to have each of them, and none may
    /// stand in the catalogue already.
    package func adding(
        _ texts: [String: [String: String]], of owner: String
    ) throws(LocalizationError) -> Catalog {
        if texts.isEmpty { return self }
        let owner = "words of the plugin \(owner)"
        let base = try self.base.adding(texts[Self.baseTag.description] ?? [:], to: nil, of: owner)
        var others: [LocaleTag: Language] = languages.filter { $0.key != Self.baseTag }
        for (tag, texts) in texts where LocaleTag(tag) != Self.baseTag {
            let tag = LocaleTag(tag)
            if others[tag] == nil { others[tag] = try Language(tag: tag, of: owner) }
            others[tag] = try others[tag]?.adding(texts, to: base, of: owner)
        }
        return Catalog(base: base, others: Array(others.values))
    }

    private static func poFiles(in folder: String) throws(LocalizationError) -> [String] {
        guard let directory = opendir(folder) else {
            throw LocalizationError(file: folder, message: "the folder of the catalogues cannot be opened")
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".po") { names.append(name) }
        }
        return names.sorted()
    }

    /// The tags of all languages that have words, sorted.
    package var available: [String] { languages.keys.map(\.description).sorted() }

    /// The words for a locale in any spelling: `pt-BR`, then `pt`, then `en`.
    package func words(for locale: String) -> Words {
        let tag = LocaleTag(locale)
        return made.withLock { made in
            if let words = made[tag] { return words }
            // Locales come from customers, so what is kept is bounded.
            if made.count >= 256 { made.removeAll() }
            let words = Words(tag, of: self)
            made[tag] = words
            return words
        }
    }

    package func has(_ key: String) -> Bool { base.messages[key] != nil }

    /// The names of the arguments that a text is filled with; nil for a key that does not exist.
    package func arguments(of key: String) -> Set<String>? { base.messages[key]?.arguments }

    /// For whoever names a key at the start of the program (a template, a settings declaration): throws unless the
    /// word exists, with the place that asks for it.
    package func require(_ key: String, file: String, line: Int? = nil) throws(LocalizationError) {
        guard has(key) else {
            throw LocalizationError(file: file, line: line, message: "\(baseName) has no word \(key)")
        }
    }

    private var baseName: String { "\(Self.baseTag).po" }
}
