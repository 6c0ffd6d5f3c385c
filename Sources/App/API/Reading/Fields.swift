import Core
import Domain
import HTTP
import Text

/// Reads the fields of a call and gathers all that is wrong, each with its place (`customer.phone`, `items[2].total`),
/// so that one answer names everything.
///
///     var fields = Fields()
///     let number = fields.text(json["number"])
///     let total = fields.money(json["total"])
///     try fields.finish()
struct Fields {
    private(set) var errors: [Refusal.FieldError] = []

    mutating func reject(_ value: JSON, _ code: String, _ detail: String) { reject(value.path, code, detail) }

    mutating func reject(_ field: String, _ code: String, _ detail: String) {
        errors.append(Refusal.FieldError(field, code, detail))
    }

    /// Throws 422 with everything that was gathered.
    func finish() throws {
        guard errors.isEmpty else {
            throw Refusal(422, "The request was understood, but a field is not right.", errors: errors)
        }
    }
}

// Each reader gives a value that stands in for a wrong one: `finish` throws before anybody uses it.
extension Fields {
    /// A text that has to be there and not be empty; numbers are taken by their digits.
    mutating func text(_ value: JSON, most: Int = 500) -> String {
        guard let text = textOrNil(value, most: most) else {
            require(value)
            return ""
        }
        return text
    }

    /// Nil for what is absent, null or empty.
    mutating func textOrNil(_ value: JSON, most: Int = 500) -> String? {
        guard value.exists, !value.isNull else { return nil }
        guard let text = value.stringOrNumber else {
            reject(value, "invalid", "Send text.")
            return nil
        }
        guard !text.utf8.contains(0) else {
            reject(value, "invalid", "The text holds a NUL, which cannot be stored.")
            return nil
        }
        guard text.unicodeScalars.count <= most else {
            reject(value, "too_long", "Send at most \(most) characters.")
            return nil
        }
        return text.isEmpty ? nil : text
    }

    mutating func time(_ value: JSON) -> Timestamp {
        guard let time = timeOrNil(value) else {
            require(value)
            return Timestamp(milliseconds: 0)
        }
        return time
    }

    mutating func timeOrNil(_ value: JSON) -> Timestamp? {
        guard value.exists, !value.isNull else { return nil }
        guard let time = Timestamp(rfc3339: text(value)) else {
            guard errors.last?.field != value.path else { return nil }
            reject(value, "invalid", "Send a time like 2026-11-20T10:28:18.042Z.")
            return nil
        }
        return time
    }

    mutating func count(_ value: JSON) -> Int {
        guard let number = value.int, number >= 0 else {
            reject(value, value.exists ? "invalid" : "required", "Send a whole number from 0.")
            return 0
        }
        return number
    }

    /// `{"amount":"29.90","currency":"EUR"}`
    mutating func money(_ value: JSON) -> Money {
        let currency = code(value["currency"], letters: 3) ?? ""
        let amount = text(value["amount"], most: 30)
        if currency.isEmpty, value["currency"].string?.isEmpty ?? true { require(value["currency"]) }
        guard let money = Money(amount: amount, currency: currency) else {
            if !amount.isEmpty { reject(value["amount"], "invalid", "Send a decimal number like 29.90.") }
            return Money(minorUnits: 0, currency: currency)
        }
        return money
    }

    /// ISO 3166 alpha-2, upper case; nil for what is absent.
    mutating func country(_ value: JSON) -> String? { code(value, letters: 2) }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ value: JSON, _ type: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        let word = text(value)
        if let choice = Choice(rawValue: word) { return choice }
        if !word.isEmpty {
            reject(value, "unknown", "Send one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return nil
    }

    mutating func purpose(_ value: JSON, among purposes: [Purpose]) -> Purpose {
        let purpose = Purpose(rawValue: text(value))
        if !purpose.rawValue.isEmpty, !purposes.contains(purpose) {
            reject(value, "unknown", "Send one of \(purposes.map(\.rawValue).joined(separator: ", ")).")
        }
        return purpose
    }

    /// Nil for what is absent or null; an empty text is no id.
    mutating func id(_ value: JSON) -> ID? {
        guard value.exists, !value.isNull else { return nil }
        guard let id = ID(text(value)) else {
            guard errors.last?.field != value.path else { return nil }
            reject(value, "invalid", "Send an id as it was given: decimal digits.")
            return nil
        }
        return id
    }

    /// A phone as people write it, read by these countries: E.164 with `+`. Nil for what is absent.
    mutating func phone(_ value: JSON, countries: [String?]) -> String? {
        guard let raw = textOrNil(value, most: 100) else { return nil }
        switch PhoneNumber.read(raw, countries: countries.compactMap { $0 }) {
        case .success(let number): return number.e164
        case .failure(let problem):
            reject(value, problem.id, "This is not a number that can be messaged.")
            return nil
        }
    }

    private mutating func code(_ value: JSON, letters: Int) -> String? {
        guard let code = textOrNil(value)?.uppercased() else { return nil }
        guard code.utf8.count == letters, code.utf8.allSatisfy({ (65...90).contains($0) }) else {
            reject(value, "invalid", "Send a code of \(letters) letters.")
            return nil
        }
        return code
    }

    /// Says that a field is missing, unless something else was said of it.
    private mutating func require(_ value: JSON) {
        guard !errors.contains(where: { $0.field == value.path }) else { return }
        reject(value, "required", "This has to be there.")
    }
}
