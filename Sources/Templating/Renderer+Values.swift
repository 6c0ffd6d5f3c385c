import Core

/// Values and forms as text.
extension Renderer {
    mutating func write(_ value: FieldValue, _ escape: Escape) {
        switch value {
        case .text(let text): escape.append(text, to: &out)
        case .integer(let number) where escape == .json: out.append(contentsOf: String(number).utf8)
        case .decimal(let number) where escape == .json && number.isFinite:
            out.append(contentsOf: Self.text(number).utf8)
        case .flag(let flag) where escape == .json: out.append(contentsOf: (flag ? "true" : "false").utf8)
        case .missing where escape == .json, .dynamic where escape == .json: out.append(contentsOf: "null".utf8)
        case .html(let html): out.append(contentsOf: html.bytes)
        case .integer(let number): writeDigits(number, escape)
        case .missing, .money, .time, .rows, .dynamic: break
        case .flag, .decimal, .word: escape.append(text(value), to: &out)
        }
    }

    /// Digits and the sign need no escape but as the start of a query or in a comment.
    private mutating func writeDigits(_ number: Int64, _ escape: Escape) {
        if number < 0 {
            escape.append(String(number), to: &out)
            return
        }
        var rest = number
        let start = out.count
        repeat {
            out.append(UInt8(48 + rest % 10))
            rest /= 10
        } while rest > 0
        out[start...].reverse()
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
        case .missing, .html, .rows, .dynamic: ""
        }
    }

    /// The shortest form; whole numbers without a point.
    private static func text(_ number: Double) -> String {
        if let whole = Int64(exactly: number) { return String(whole) }
        return number.description
    }

    mutating func write(_ form: CompiledForm, _ escape: Escape) {
        if case .url(let parts, let query) = form { return escape.append(url(parts, query), to: &out) }
        guard let text = text(form) else {
            if escape == .json { out.append(contentsOf: "null".utf8) }
            return
        }
        escape.append(text, to: &out)
    }

    /// Nil when the value is missing.
    private func text(_ form: CompiledForm) -> String? {
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

    private func url(_ parts: [URLPart], _ query: [(name: String, operand: Operand)]) -> String {
        var url: [UInt8] = []
        for part in parts {
            switch part {
            case .constant(let text): url.append(contentsOf: text.utf8)
            case .value(let operand):
                // Nothing, `.` and `..` would make another path of it.
                let value = text(read(operand))
                Escape.urlQuery.append(value.allSatisfy { $0 == "." } ? "-" : value, to: &url)
            }
        }
        // A fragment stays behind the query.
        let mark = url.firstIndex(of: UInt8(ascii: "#")) ?? url.count
        let fragment = url[mark...]
        url.removeSubrange(mark...)
        var separator = url.contains(UInt8(ascii: "?")) ? UInt8(ascii: "&") : UInt8(ascii: "?")
        for (name, operand) in query {
            let value = text(read(operand))
            if value.isEmpty { continue }
            url.append(separator)
            separator = UInt8(ascii: "&")
            Escape.urlQuery.append(name, to: &url)
            url.append(UInt8(ascii: "="))
            Escape.urlQuery.append(value, to: &url)
        }
        return String(decoding: url + fragment, as: UTF8.self)
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
        case .missing, .money, .time, .word, .html, .rows: return nil
        }
    }
}
