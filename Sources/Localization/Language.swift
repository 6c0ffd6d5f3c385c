/// The words of one PO file, checked and ready to fill.
struct Language: Sendable {
    enum Message: Sendable {
        case plain(Phrase)
        case counted([PluralCategory: Phrase])

        /// The names of all arguments that some form of the message holds.
        var arguments: Set<String> {
            switch self {
            case .plain(let phrase): phrase.arguments
            case .counted(let forms): forms.values.reduce(into: []) { $0.formUnion($1.arguments) }
            }
        }

        var isCounted: Bool {
            if case .counted = self { true } else { false }
        }
    }

    let tag: LocaleTag
    let plurals: PluralRules
    private(set) var messages: [String: Message] = [:]

    /// - Parameter base: the complete language that this one falls back to; nil for the base itself, which has to
    ///   have a text for each of its keys.
    init(tag: LocaleTag, file: POFile, base: Language?) throws(LocalizationError) {
        guard let plurals = PluralRules(tag) else { throw file.error("\(tag) is not a language that ICU knows") }
        self.tag = tag
        self.plurals = plurals
        if base == nil, let key = file.untranslated.first {
            throw file.error("\(key) has no text, and this is the language that all others fall back to", key: key)
        }
        for entry in file.messages {
            let message = try Self.message(entry, plurals: plurals, file: file)
            if let base { try Self.compare(message, with: base, key: entry.key, file: file) }
            messages[entry.key] = message
        }
    }

    init(tag: LocaleTag, plurals: PluralRules, messages: [String: Message]) {
        self.tag = tag
        self.plurals = plurals
        self.messages = messages
    }

    /// A language without words.
    init(tag: LocaleTag, of owner: String) throws(LocalizationError) {
        guard let plurals = PluralRules(tag) else {
            throw LocalizationError(file: owner, message: "\(tag) is not a language that ICU knows")
        }
        self.init(tag: tag, plurals: plurals, messages: [:])
    }

    /// With plain words that somebody brings along.
    /// - Parameter base: the language that has to have each of them; nil for that language itself.
    func adding(_ texts: [String: String], to base: Language?, of owner: String) throws(LocalizationError) -> Language {
        var language = self
        for (key, text) in texts.sorted(by: { $0.key < $1.key }) {
            guard let phrase = Phrase(text) else {
                throw LocalizationError(file: owner, message: "\(key): a brace is not closed or holds no name")
            }
            guard language.messages[key] == nil else {
                throw LocalizationError(file: owner, message: "\(key) stands in the catalogue already")
            }
            if let base, base.messages[key] == nil {
                throw LocalizationError(file: owner, message: "\(key) has no text in \(base.tag)")
            }
            language.messages[key] = .plain(phrase)
        }
        return language
    }

    private static func message(
        _ entry: POMessage, plurals: PluralRules, file: POFile
    ) throws(LocalizationError) -> Message {
        var phrases: [Phrase] = []
        for form in entry.forms {
            guard let phrase = Phrase(form) else {
                throw file.error("\(entry.key): a brace is not closed or holds no name; \\{ is a brace", key: entry.key)
            }
            phrases.append(phrase)
        }
        guard entry.isCounted else { return .plain(phrases[0]) }
        guard phrases.count == plurals.categories.count else {
            let wanted = plurals.categories.map(\.rawValue).joined(separator: ", ")
            throw file.error("\(entry.key) has \(phrases.count) forms, the language counts \(wanted)", key: entry.key)
        }
        return .counted(Dictionary(uniqueKeysWithValues: zip(plurals.categories, phrases)))
    }

    private static func compare(
        _ message: Message, with base: Language, key: String, file: POFile
    ) throws(LocalizationError) {
        guard let original = base.messages[key] else {
            throw file.error("\(key) does not exist in \(base.tag).po", key: key)
        }
        guard original.isCounted == message.isCounted else {
            let which = original.isCounted ? "counts" : "does not count"
            throw file.error("\(key) \(which) in \(base.tag).po", key: key)
        }
        if let unknown = message.arguments.subtracting(original.arguments).min() {
            throw file.error("\(key) is not given {\(unknown)}", key: key)
        }
    }
}
