/// A text with places for named arguments: `Paid {amount} on {date}`. A brace by itself is written `\{`.
struct Phrase: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        case literal(String)
        case argument(String)
    }

    private(set) var parts: [Part] = []

    /// Nil when a brace is not closed or holds something else than a name of letters, digits and `_`.
    init?(_ text: String) {
        var literal = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == "\\", let next = rest.first, next == "{" || next == "\\" {
                literal.append(next)
                rest.removeFirst()
            } else if character == "{" {
                guard let end = rest.firstIndex(of: "}") else { return nil }
                let name = rest[..<end]
                guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
                else { return nil }
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = ""
                parts.append(.argument(String(name)))
                rest = rest[rest.index(after: end)...]
            } else {
                literal.append(character)
            }
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
    }

    init(parts: [Part]) { self.parts = parts }

    var arguments: Set<String> {
        Set(
            parts.compactMap {
                if case .argument(let name) = $0 { name } else { nil }
            })
    }

    /// The text with each argument as `value` words it; one without a value stays visible by its name.
    func filled(by value: (String) -> String?) -> String {
        // The common text without arguments is handed out as it is kept.
        if parts.count == 1, case .literal(let text) = parts[0] { return text }
        return words(by: value)
    }

    private func words(by value: (String) -> String?) -> String {
        parts.reduce(into: "") { text, part in
            switch part {
            case .literal(let literal): text += literal
            case .argument(let name): text += value(name) ?? "{\(name)}"
            }
        }
    }
}
