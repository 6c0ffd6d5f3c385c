import Core

/// Values and forms as text.
extension Renderer {
    mutating func write(_ field: FieldReference, of row: UnsafeRawPointer, _ escape: Escape) {
        if case .text(let read) = field.reader, let text = read(row + field.offset) {
            escape.append(text, to: &out)
        } else {
            write(field.value(in: row), escape)
        }
    }

    mutating func write(_ value: FieldValue, _ escape: Escape) {
        switch value {
        case .text(let text): escape.append(text, to: &out)
        case .integer(let number): write(number, escape)
        case .decimal(let number) where escape == .json && number.isFinite: out.append(Self.text(number))
        case .flag(let flag) where escape == .json: out.append(flag ? "true" : "false" as StaticString)
        case .missing where escape == .json, .dynamic where escape == .json: out.append("null" as StaticString)
        case .html(let html): html.bytes.withUnsafeBufferPointer { out.append($0) }
        case .missing, .money, .time, .dynamic: break
        case .flag, .decimal, .word: escape.append(text(value), to: &out)
        }
    }

    /// Digits need no escape anywhere, the sign only in a comment.
    private mutating func write(_ number: Int64, _ escape: Escape) {
        if escape == .comment, number < 0 { escape.append(String(number), to: &out) } else { out.append(number) }
    }

    /// Plain text of a value that has one.
    private func text(_ value: FieldValue) -> String {
        switch value {
        case .text(let text): text
        case .flag(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .decimal(let number): Self.text(number)
        case .word(let word): context?.words.text(word.key, word.arguments) ?? word.key
        case .money(let money): context?.words.money(money) ?? money.amount
        case .time(let time): time.rfc3339
        case .missing, .html, .dynamic: ""
        }
    }

    /// The shortest form; whole numbers without a point.
    private static func text(_ number: Double) -> String {
        if let whole = Int64(exactly: number) { return String(whole) }
        return number.description
    }

    mutating func write(_ form: CompiledForm, _ escape: Escape) {
        if case .url(let url) = form {
            write(url, escape)
        } else if let text = text(form) {
            escape.append(text, to: &out)
        } else if escape == .json {
            out.append("null" as StaticString)
        }
    }

    /// Nil when the value is missing.
    private mutating func text(_ form: CompiledForm) -> String? {
        guard let context else { return nil }
        let words = context.words
        switch form {
        case .word(let key, let arguments):
            var values: [String: WordArgument] = [:]
            for (name, operand) in arguments { values[name] = argument(read(operand)) }
            return words.text(key, values)
        case .money(let operand): return money(read(operand)).map(words.money)
        case .number(let operand):
            if case .integer(let number) = read(operand) { return words.number(number) }
            return nil
        case .date(let operand): return time(read(operand)).map { words.date($0, zone: context.zone) }
        case .time(let operand): return time(read(operand)).map { words.time($0, zone: context.zone) }
        case .dateTime(let operand): return time(read(operand)).map { words.dateTime($0, zone: context.zone) }
        case .relative(let operand): return time(read(operand)).map { words.relative($0, now: context.now) }
        case .iso(let operand): return time(read(operand))?.rfc3339
        case .url: return nil
        }
    }

    private func argument(_ value: FieldValue) -> WordArgument {
        switch value {
        case .integer(let number): .number(number)
        case .money(let money): .money(money)
        case .time(let time): .time(time)
        default: .text(text(value))
        }
    }

    /// Also from JSON: `{"amount": "29.90", "currency": "EUR"}`.
    private func money(_ value: FieldValue) -> Money? {
        switch value {
        case .money(let money): return money
        case .dynamic(.object(let members)):
            guard case .text(let amount) = members["amount"], case .text(let currency) = members["currency"]
            else { return nil }
            return Money(amount: amount, currency: currency)
        default: return nil
        }
    }

    /// Also from the text of JSON, in RFC 3339.
    private func time(_ value: FieldValue) -> Timestamp? {
        switch value {
        case .time(let time): time
        case .text(let text): Timestamp(rfc3339: text)
        default: nil
        }
    }

    // MARK: URLs

    /// The values of a URL are encoded, which is enough for most places; its own text is escaped for the place.
    private mutating func write(_ url: URLForm, _ escape: Escape) {
        switch escape {
        case .none, .plain, .html, .jsonString: writeDirectly(url, escape)
        case .comment, .urlStart, .urlPath, .urlQuery, .json:
            let outer = out
            out = Output()
            writeDirectly(url, .none)
            let inner = out.bytes()
            out = outer
            inner.withUnsafeBufferPointer { escape.append($0, to: &out) }
        }
    }

    private mutating func writeDirectly(_ url: URLForm, _ escape: Escape) {
        write(url.path, escape)
        var separator: StaticString = url.hasQuery ? "&" : "?"
        for (name, operand) in url.query {
            let value = read(operand)
            guard hasText(value) else { continue }
            separator.withUTF8Buffer { escape.append($0, to: &out) }
            separator = "&"
            Escape.urlQuery.append(name, to: &out)
            out.append(UInt8(ascii: "="))
            writeEncoded(value)
        }
        write(url.fragment, escape)
    }

    private mutating func write(_ parts: [URLPart], _ escape: Escape) {
        for part in parts {
            switch part {
            case .constant(let text): escape.append(text, to: &out)
            case .value(let operand):
                let value = read(operand)
                // Nothing, `.` and `..` would make another path of it.
                if hasText(value), !isDots(value) { writeEncoded(value) } else { out.append(UInt8(ascii: "-")) }
            }
        }
    }

    private mutating func writeEncoded(_ value: FieldValue) {
        if case .integer(let number) = value {
            out.append(number)
        } else {
            Escape.urlQuery.append(text(value), to: &out)
        }
    }

    private func hasText(_ value: FieldValue) -> Bool {
        if case .integer = value { true } else { !text(value).isEmpty }
    }

    private func isDots(_ value: FieldValue) -> Bool {
        if case .text(let text) = value { text.utf8.allSatisfy { $0 == UInt8(ascii: ".") } } else { false }
    }
}

extension FieldValue {
    init(_ value: TemplateValue) {
        switch value {
        case .null: self = .missing
        case .flag(let flag): self = .flag(flag)
        case .integer(let number): self = .integer(number)
        case .decimal(let number): self = .decimal(number)
        case .text(let text): self = .text(text)
        case .list, .object: self = .dynamic(value)
        }
    }
}

extension TemplateValue {
    /// Nil for what only typed models hold.
    init?(_ value: FieldValue) {
        switch value {
        case .flag(let flag): self = .flag(flag)
        case .integer(let number): self = .integer(number)
        case .decimal(let number): self = .decimal(number)
        case .text(let text): self = .text(text)
        case .dynamic(let value): self = value
        case .missing, .money, .time, .word, .html: return nil
        }
    }
}
