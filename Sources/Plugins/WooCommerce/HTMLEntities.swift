/// The five characters that WordPress writes as HTML entities in plain texts, read back as
/// `wp_specialchars_decode` does with ENT_QUOTES. Each entity is decoded once: `&amp;lt;` is `&lt;`.
enum HTMLEntities {
    static func decoded(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        var result = ""
        var rest = text[...]
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            rest = rest[ampersand...]
            if let (entity, character) = entities.first(where: { rest.hasPrefix($0.entity) }) {
                result.append(character)
                rest = rest.dropFirst(entity.count)
            } else {
                result.append("&")
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    private static let entities: [(entity: String, character: Character)] = [
        ("&amp;", "&"), ("&#038;", "&"), ("&#x26;", "&"), ("&lt;", "<"), ("&#060;", "<"), ("&#x3c;", "<"),
        ("&gt;", ">"), ("&#062;", ">"), ("&#x3e;", ">"), ("&quot;", "\""), ("&#034;", "\""), ("&#x22;", "\""),
        ("&#039;", "'"), ("&#39;", "'"), ("&#x27;", "'"),
    ]
}
