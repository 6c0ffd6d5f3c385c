/// Free text as people see it who may look but not call: phones and e-mail addresses in it are masked.
///
/// What looks like a phone is seven digits and more with at most two of ` .-()/` in between: also an order's or
/// parcel's number of that length. Hiding too much is the safe mistake.
package enum MaskedText {
    private static let leastDigits = 7
    private static let most = 2

    package static func text(_ text: String) -> String {
        var output = ""
        for (index, word) in text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { output += " " }
            output += word.contains("@") ? addresses(in: word) : String(word)
        }
        return phones(in: output)
    }

    /// A word with an address in it, which may stand in brackets or on a line of its own.
    private static func addresses(in word: Substring) -> String {
        var output = ""
        var piece = ""
        func masked() -> String {
            let parts = piece.split(separator: "@", omittingEmptySubsequences: false)
            guard parts.count >= 2, !parts[0].isEmpty, !parts[1].isEmpty else { return piece }
            return parts[0].prefix(1) + "•••@•••"
        }
        for character in word {
            if character.isLetter || character.isNumber || "@._%+-'".contains(character) {
                piece.append(character)
            } else {
                output += masked() + String(character)
                piece = ""
            }
        }
        return output + masked()
    }

    private static func phones(in text: String) -> String {
        let characters = Array(text)
        var output = ""
        var index = 0
        while index < characters.count {
            let end = phoneEnd(in: characters, from: index)
            guard let end else {
                output.append(characters[index])
                index += 1
                continue
            }
            let run = characters[index..<end]
            let phone = String(run.filter { $0 == "+" || $0.isNumber })
            output += MaskedPhone.text(phone)
            index = end
        }
        return output
    }

    /// Where the run of digits ends that begins here; nil when none begins, or it is too short for a phone.
    private static func phoneEnd(in text: [Character], from start: Int) -> Int? {
        func isDigit(_ index: Int) -> Bool { text.indices.contains(index) && text[index].isWholeNumber }
        guard isDigit(start) || text[start] == "+" || text[start] == "(", !isDigit(start - 1) else { return nil }
        var (digits, end, gap) = (0, start, 0)
        for index in start..<text.count {
            if isDigit(index) {
                digits += 1
                (end, gap) = (index + 1, 0)
            } else if index > start || text[index] == "+" || text[index] == "(" {
                gap += 1
                guard " \u{A0}.-()/+".contains(text[index]), gap <= most || digits == 0 else { break }
            }
        }
        return digits >= leastDigits ? end : nil
    }
}
