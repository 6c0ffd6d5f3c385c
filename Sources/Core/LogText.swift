/// An error whose words never hold a value from outside: no text, name, phone number or secret.
package protocol LoggableError: Error {}

/// Makes words of others fit for the log: errors quote what they met, and that may be a phone number or a secret.
package enum LogText {
    private static let longest = 500

    /// Shortens, and puts `…` in place of what looks like a phone number, an e-mail address, a token, or the query
    /// and user name of a web address. Our ids and times stay.
    package static func masked(_ text: String) -> String {
        var result = ""
        var word = ""
        func isWordPart(_ character: Character) -> Bool {
            character.isASCII && (character.isLetter || character.isNumber) || "+-_.@%=~:/?&#*()".contains(character)
        }
        let characters = Array(text.prefix(longest))
        for (place, character) in characters.enumerated() {
            // A blank between two groups of digits is part of one number: +1 202 555 0100.
            let joins =
                character == " " && isDigits(word) && place + 1 < characters.count
                && (characters[place + 1].isNumber || "(+".contains(characters[place + 1]))
            if isWordPart(character) || joins {
                word.append(character)
                continue
            }
            result += maskedWord(word)
            word = ""
            result.append(character.isNewline ? " " : character)
        }
        result += maskedWord(word)
        return text.count > longest ? result + "…" : result
    }

    private static func isDigits(_ word: String) -> Bool {
        !word.isEmpty && word.allSatisfy { $0.isNumber || "+()-. ".contains($0) }
    }

    private static func maskedWord(_ word: String) -> String {
        if word.isEmpty { return "" }
        if let scheme = word.firstRange(of: "://") { return maskedAddress(word, after: scheme.upperBound) }
        if word.contains("@") { return "…@…" }
        return maskedDigits(word)
    }

    /// Scheme and host alone: path and query carry ids and tokens.
    private static func maskedAddress(_ word: String, after scheme: String.Index) -> String {
        let rest = word[scheme...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return word[..<scheme] + host + (authority.endIndex == rest.endIndex ? "" : "/…")
    }

    /// 7 to 15 digits in one word, however grouped, are a phone number unless the word is a time; 32 and more letters
    /// and digits without a break are a token.
    private static func maskedDigits(_ word: String) -> String {
        let digits = word.count(where: \.isNumber)
        let isTime = word.count >= 19 && word.contains("T") && word.count(where: { $0 == ":" }) >= 2
        let letters = word.count(where: \.isLetter)
        if (7...15).contains(digits), !isTime, letters == 0 || word.contains("+") { return "…" }
        let longestRun = word.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(\.count).max() ?? 0
        if longestRun >= 32 || longestRun >= 20 && letters > 0 && digits > 0 { return "…" }
        return word
    }
}
