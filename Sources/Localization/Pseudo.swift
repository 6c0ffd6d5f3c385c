extension Catalog {
    /// The same catalogue with every text accented and in brackets, `⟦Ṓřđéřš⟧`, under every locale. Whatever shows on a
    /// page without brackets did not come from the catalogue, or was glued together from pieces of it.
    package func pseudo() -> Catalog {
        Catalog(
            base: Language(
                tag: base.tag, plurals: base.plurals, messages: base.messages.mapValues(\.pseudo)),
            others: [])
    }
}

extension Language.Message {
    fileprivate var pseudo: Self {
        switch self {
        case .plain(let phrase): .plain(phrase.pseudo)
        case .counted(let forms): .counted(forms.mapValues(\.pseudo))
        }
    }
}

extension Phrase {
    /// Arguments stay, so that what is filled in can be seen to arrive.
    fileprivate var pseudo: Phrase {
        let accented = parts.map { part in
            if case .literal(let text) = part { Part.literal(String(text.map { accents[$0] ?? $0 })) } else { part }
        }
        return Phrase(parts: [.literal("⟦")] + accented + [.literal("⟧")])
    }
}

private let accents = Dictionary(
    uniqueKeysWithValues: zip(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "áƀçđéƒğĥíĵķłɱñóþɋřšťúṽŵẋýžÁƁÇĐÉƑĞĤÍĴĶŁṀÑÓÞɊŘŠŤÚṼŴẊÝŽ"))
