/// Partials, parents and blocks.
extension Compiler {
    mutating func emitInclusion(_ inclusion: Inclusion, _ place: Place) throws(TemplateError) {
        var replacements: [String: Replacement] = [:]
        for block in inclusion.replacements {
            replacements[block.name] = Replacement(
                block: block, source: place.source, environment: place.environment)
        }
        // What a child replaced wins over what a template in between says.
        let environment = environments.adding(replacements, to: place.environment)
        let indent = inclusion.indentation.map(place.indentation) ?? ""
        func inner(_ template: ParsedTemplate) -> Place {
            Place(source: template.source, indent: indent, environment: environment, scope: place.scope)
        }
        switch inclusion.name {
        case .fixed(let name):
            guard let template = try library.parsed(name, mode) else {
                if mode == .spec { return }
                throw place.source.error(.name, "there is no template `\(name)`", at: inclusion.offset)
            }
            let begin = try open("the template `\(name)`", place.source, at: inclusion.offset)
            code.append(.call(routine: try routine(template, inner(template))))
            try close(begin, "the template `\(name)`", place.source, at: inclusion.offset)
        case .dynamic(let path, let declared):
            let operand = add(try nameOperand(path, place, at: inclusion.offset))
            let names = mode == .spec ? library.names() : declared
            if names.isEmpty, mode != .spec {
                let why = "say which templates `*\(path.joined(separator: "."))` may name, as in `>*kind one two`"
                throw place.source.error(.syntax, why, at: inclusion.offset)
            }
            let begin = try open("the template by name", place.source, at: inclusion.offset)
            let key = ChoiceKey(
                indent: indent, environment: environment, names: names, scope: place.scope.key, position: begin)
            let choice: Int
            if let known = choices[key] {
                choice = known.index
                position = known.end
                choices[key]?.isRecursive = true
            } else {
                choice = try table(of: names, key, place, inclusion, inner)
            }
            code.append(.callChosen(operand: operand, choice: choice))
        }
    }

    private func nameOperand(_ path: [String], _ place: Place, at offset: Int) throws(TemplateError) -> Operand {
        let resolved = try resolve(.path(path), place, at: offset)
        switch resolved.kind {
        case nil, .text: return resolved.operand
        default:
            let why = "`\(path.joined(separator: "."))` is not a text, so it names no template"
            throw place.source.error(.name, why, at: offset)
        }
    }

    /// The routines that a name chooses from. Whichever it is, or none, the page goes on from the same place.
    private mutating func table(
        of names: [String], _ key: ChoiceKey, _ place: Place, _ inclusion: Inclusion,
        _ inner: (ParsedTemplate) -> Place
    ) throws(TemplateError) -> Int {
        // It is in its place before it is filled, for the templates in it may come here again.
        let index = program.choices.count
        choices[key] = Routine(index: index, end: position)
        program.choices.append([:])
        let begin = position
        var after = begin
        for name in names {
            guard let template = try library.parsed(name, mode) else {
                if mode == .spec { continue }
                throw place.source.error(.name, "there is no template `\(name)`", at: inclusion.offset)
            }
            position = begin
            program.choices[index][name] = try routine(template, inner(template))
            try close(after, "the template `\(name)`", place.source, at: inclusion.offset)
            after = position
        }
        position = after
        if after != begin, choices[key]?.isRecursive == true {
            let why = "templates that include each other by name must end exactly as they begin"
            throw place.source.error(.context, why, at: inclusion.offset)
        }
        choices[key]?.end = after
        choices[key]?.isRecursive = false
        return index
    }

    mutating func emitBlock(_ block: Block, _ place: Place) throws(TemplateError) {
        let begin = try open("the block `\(block.name)`", place.source, at: block.offset)
        if let replacement = environments[place.environment][block.name] {
            try emit(replacement, for: block, place)
        } else {
            try emit(block.body[...], place)
        }
        try close(begin, "the block `\(block.name)`", place.source, at: block.offset)
    }

    /// The replacement's lines lose the indentation they were written with, and get that of the place they fill.
    private mutating func emit(_ replacement: Replacement, for block: Block, _ place: Place) throws(TemplateError) {
        var inner = Place(
            source: replacement.source, dedent: replacement.block.firstIndentation ?? "",
            environment: replacement.environment, scope: place.scope)
        let isLine = block.place.isStandalone
        let blank = isLine ? block.firstIndentation ?? block.place.indentation : block.place.indentation
        inner.indent = blank.map(place.indentation) ?? place.indent
        var body = replacement.block.body[...]
        if isLine, !replacement.block.place.opensLine {
            try constant(Array(inner.indent.utf8)[...], replacement.source, at: replacement.block.offset)
        }
        // In the middle of a line the first line is indented by what stands there already.
        if !isLine, case .lineStart = body.first { body = body.dropFirst() }
        let depthMark = try open("the block `\(block.name)`", replacement.source, at: replacement.block.offset)
        try emit(body, inner)
        try close(depthMark, "the block `\(block.name)`", replacement.source, at: replacement.block.offset)
    }
}

/// The sets of replaced blocks that occur, by number; 0 is the empty one.
struct Environments {
    private var all: [[String: Compiler.Replacement]] = [[:]]
    private var numbers: [[String: Key]: Int] = [[:]: 0]

    private struct Key: Hashable {
        let file: String
        let offset: Int
        let environment: Int
    }

    subscript(number: Int) -> [String: Compiler.Replacement] { all[number] }

    mutating func adding(_ replacements: [String: Compiler.Replacement], to outer: Int) -> Int {
        let merged = all[outer].merging(replacements) { outer, _ in outer }
        let key = merged.mapValues { Key(file: $0.source.name, offset: $0.block.offset, environment: $0.environment) }
        if let known = numbers[key] { return known }
        all.append(merged)
        numbers[key] = all.count - 1
        return all.count - 1
    }
}
