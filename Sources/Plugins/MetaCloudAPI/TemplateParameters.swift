import Domain

/// The parameters of a template's body as Meta takes them: by position or by name, never mixed, each a text that its
/// rules allow.
struct TemplateParameters {
    /// In the order of their positions; named ones in the order given.
    let all: [TemplateCall.Parameter]
    let areNamed: Bool

    init(_ parameters: [TemplateCall.Parameter]) throws(MetaError) {
        let positions = parameters.compactMap { Int($0.name) }
        guard positions.isEmpty || positions.count == parameters.count else {
            throw MetaError(.unfit, "the template's parameters are named and numbered at once")
        }
        areNamed = positions.isEmpty
        let ordered = areNamed ? parameters : zip(positions, parameters).sorted { $0.0 < $1.0 }.map(\.1)
        if areNamed {
            guard Set(parameters.map(\.name)).count == parameters.count else {
                throw MetaError(.unfit, "a parameter of the template is given twice")
            }
        } else {
            guard positions.sorted() == Array(1...positions.count) else {
                throw MetaError(.unfit, "the template's parameters are not numbered from 1 without a gap")
            }
        }
        all = ordered.map { TemplateCall.Parameter(name: $0.name, value: Self.fitting($0.value)) }
    }

    /// Meta refuses line breaks, tabs, more than four spaces in a row, and nothing at all (132018, 131008). A run of
    /// white space with one of these becomes one space; where nothing is left, a dash says so.
    static func fitting(_ value: String) -> String {
        var text = ""
        var space: [Unicode.Scalar] = []
        for scalar in value.unicodeScalars {
            if scalar.properties.isWhitespace {
                space.append(scalar)
                continue
            }
            if !text.isEmpty { text += inner(space) }
            space.removeAll()
            text.unicodeScalars.append(scalar)
        }
        return text.isEmpty ? "-" : text
    }

    private static func inner(_ space: [Unicode.Scalar]) -> String {
        let isHarmless = space.count < 4 && space.allSatisfy { $0 == " " || $0 == "\u{A0}" || $0 == "\u{202F}" }
        return isHarmless ? String(String.UnicodeScalarView(space)) : " "
    }
}
