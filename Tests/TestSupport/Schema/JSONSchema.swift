package import Text

/// The schemas of an OpenAPI 3.1 document, by component: as much of JSON Schema (2020-12) as such documents use.
package struct JSONSchema: Sendable {
    private let document: JSON

    package init(openAPI document: JSON) { self.document = document }

    package func has(component: String) -> Bool { schema(component).exists }

    /// Everything in which `value` breaks the component's schema, each with its place; empty when it is right.
    package func violations(of value: JSON, component: String) -> [String] {
        guard has(component: component) else { return ["there is no schema \(component)"] }
        return check(schema(component), value).violations
    }

    private func schema(_ component: String) -> JSON { document["components"]["schemas"][component] }

    /// What a schema says about a value: what is wrong, and which of its properties it knows.
    struct Outcome {
        var violations: [String] = []
        var evaluated: Set<String> = []

        mutating func add(_ other: Outcome) {
            violations += other.violations
            evaluated.formUnion(other.evaluated)
        }
    }

    func check(_ schema: JSON, _ value: JSON) -> Outcome {
        var outcome = Outcome()
        guard let keywords = schema.object else {
            if schema.bool != true { outcome.violations.append("\(value.path): is not allowed") }
            return outcome
        }
        for (keyword, rule) in keywords {
            switch keyword {
            case "$ref", "allOf", "anyOf", "oneOf", "if": outcome.add(compose(keyword, rule, schema, value))
            case "properties", "additionalProperties": outcome.add(properties(keyword, rule, schema, value))
            case "unevaluatedProperties": continue
            default: outcome.violations += Self.assert(keyword, rule, value).map { "\(value.path): \($0)" }
            }
            if keyword == "items" {
                for element in value.array ?? [] { outcome.violations += check(rule, element).violations }
            }
        }
        // Asked last: it is about what all the others have not looked at.
        if schema["unevaluatedProperties"].bool == false {
            for (key, _) in value.object ?? [] where !outcome.evaluated.contains(key) {
                outcome.violations.append("\(value.path): \(key) is not known")
            }
        }
        return outcome
    }

    /// Keywords that bring in other schemas for the same value.
    private func compose(_ keyword: String, _ rule: JSON, _ schema: JSON, _ value: JSON) -> Outcome {
        switch keyword {
        case "$ref":
            let component = rule.string.flatMap { $0.split(separator: "/").last } ?? ""
            return check(self.schema(String(component)), value)
        case "allOf":
            var outcome = Outcome()
            for branch in rule.array ?? [] { outcome.add(check(branch, value)) }
            return outcome
        case "if":
            let condition = check(rule, value)
            let next = schema[condition.violations.isEmpty ? "then" : "else"]
            var outcome = next.exists ? check(next, value) : Outcome()
            if condition.violations.isEmpty { outcome.evaluated.formUnion(condition.evaluated) }
            return outcome
        default:
            return choose(rule.array ?? [], value, exactlyOne: keyword == "oneOf")
        }
    }

    private func choose(_ branches: [JSON], _ value: JSON, exactlyOne: Bool) -> Outcome {
        let outcomes = branches.map { check($0, value) }
        let matching = outcomes.filter(\.violations.isEmpty)
        if matching.isEmpty {
            // The branch that came nearest says most about what is wrong.
            let nearest = outcomes.map(\.violations).min { $0.count < $1.count } ?? []
            return Outcome(violations: ["\(value.path): fits none of \(branches.count) schemas"] + nearest)
        }
        var outcome = Outcome()
        if exactlyOne, matching.count > 1 {
            outcome.violations.append("\(value.path): fits \(matching.count) schemas in place of one")
        }
        for match in matching { outcome.evaluated.formUnion(match.evaluated) }
        return outcome
    }

    private func properties(_ keyword: String, _ rule: JSON, _ schema: JSON, _ value: JSON) -> Outcome {
        var outcome = Outcome()
        for (key, property) in value.object ?? [] {
            let own = schema["properties"][key]
            guard own.exists == (keyword == "properties") else { continue }
            outcome.evaluated.insert(key)
            if own.exists {
                outcome.violations += check(own, property).violations
            } else if rule.bool == false {
                outcome.violations.append("\(value.path): \(key) is not known")
            } else {
                outcome.violations += check(rule, property).violations
            }
        }
        return outcome
    }
}
