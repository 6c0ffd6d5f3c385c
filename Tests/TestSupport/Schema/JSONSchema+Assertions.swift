import Text

// The keywords that look at one value alone.
extension JSONSchema {
    /// What `value` does wrong by this keyword. A keyword that is not known here is wrong in itself: a rule that
    /// is passed over would let everything through.
    static func assert(_ keyword: String, _ rule: JSON, _ value: JSON) -> [String] {
        switch keyword {
        case "type": type(rule, value)
        case "enum": isAny(of: rule.array ?? [], value) ? [] : ["is none of the allowed values"]
        case "const": same(rule, value) ? [] : ["is not \(rule.stringOrNumber ?? "the one allowed value")"]
        case "required":
            value.object == nil
                ? []
                : (rule.array ?? []).compactMap(\.string).filter { !value[$0].exists }.map { "\($0) is missing" }
        case "dependentRequired": dependencies(rule, value)
        case "pattern": pattern(rule, value)
        case "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum": bound(keyword, rule, value)
        case "items", "then", "else", "description", "default", "discriminator", "deprecated", "contentMediaType",
            "title", "format":
            []
        default: keyword.hasPrefix("x-") ? [] : ["the schema's keyword \(keyword) is not known"]
        }
    }

    private static func type(_ rule: JSON, _ value: JSON) -> [String] {
        let allowed = rule.array?.compactMap(\.string) ?? rule.string.map { [$0] } ?? []
        return allowed.contains { isOf(type: $0, value) } ? [] : ["is not of type \(allowed.joined(separator: "|"))"]
    }

    private static func isOf(type: String, _ value: JSON) -> Bool {
        switch (type, value.kind) {
        case ("object", .object), ("array", .array), ("string", .string), ("number", .number), ("null", .null),
            ("boolean", .true), ("boolean", .false):
            true
        case ("integer", .number): value.double.map { $0 == $0.rounded() } ?? false
        default: false
        }
    }

    private static func isAny(of allowed: [JSON], _ value: JSON) -> Bool { allowed.contains { same($0, value) } }

    private static func same(_ a: JSON, _ b: JSON) -> Bool {
        guard a.kind == b.kind else { return false }
        switch a.kind {
        case .string: return a.string == b.string
        case .number: return a.double == b.double
        case .array:
            let (left, right) = (a.array ?? [], b.array ?? [])
            return left.count == right.count && zip(left, right).allSatisfy { same($0, $1) }
        case .object:
            let (left, right) = (a.object ?? [], b.object ?? [])
            return left.count == right.count && left.allSatisfy { same($0.value, b[$0.key]) }
        default: return true
        }
    }

    private static func dependencies(_ rule: JSON, _ value: JSON) -> [String] {
        (rule.object ?? []).filter { value[$0.key].exists }.flatMap { key, needed in
            (needed.array ?? []).compactMap(\.string).filter { !value[$0].exists }
                .map { "\($0) is missing beside \(key)" }
        }
    }

    private static func pattern(_ rule: JSON, _ value: JSON) -> [String] {
        guard let text = value.string, let pattern = rule.string else { return [] }
        guard let regex = try? Regex(pattern).matchingSemantics(.unicodeScalar) else {
            return ["the schema's pattern \(pattern) cannot be read"]
        }
        return text.firstMatch(of: regex) == nil ? ["does not match \(pattern)"] : []
    }

    /// Lengths count Unicode's code points, as JSON Schema has it.
    private static func bound(_ keyword: String, _ rule: JSON, _ value: JSON) -> [String] {
        guard let limit = rule.double else { return ["the schema's \(keyword) is no number"] }
        let measured: Double? =
            switch keyword {
            case "minLength", "maxLength": value.string.map { Double($0.unicodeScalars.count) }
            case "minItems", "maxItems": value.array.map { Double($0.count) }
            default: value.double
            }
        guard let measured else { return [] }
        let isWithin = keyword.hasPrefix("min") ? measured >= limit : measured <= limit
        return isWithin ? [] : ["breaks \(keyword) \(rule.rawNumber ?? "")"]
    }
}
