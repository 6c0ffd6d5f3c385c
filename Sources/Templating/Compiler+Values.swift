/// Values and forms, each checked against the place where it stands.
extension Compiler {
    mutating func emitValue(
        _ expression: Expression, isUnescaped: Bool, _ place: Place, at offset: Int
    ) throws(TemplateError) {
        if case .form(let form) = expression {
            if isUnescaped {
                throw place.source.error(.context, "`\(form.text)` is text: write it with two braces", at: offset)
            }
            return try emitForm(form, place, at: offset)
        }
        if let helper = helper(expression) { return try emit(helper, isUnescaped: isUnescaped, place, at: offset) }
        let resolved = try resolve(expression, place, at: offset)
        let escape: Escape
        if isUnescaped, mode == .page {
            escape = try unescaped(expression.text, resolved.kind, place, at: offset)
        } else {
            escape = try self.escape(place, at: offset, isUnescaped: isUnescaped)
            try refuseLoading(place, at: offset)
            if let kind = resolved.kind, let why = Self.mistake(in: kind, escape, expression.text) {
                throw place.source.error(.name, why, at: offset)
            }
        }
        if case .field(let register, let steps, let field) = resolved.operand, steps.isEmpty {
            code.append(.field(register: register, field: add(field), escape))
        } else {
            code.append(.value(operand: add(resolved.operand), escape))
        }
        position?.passValue()
    }

    /// How text is escaped at the present place.
    func escape(_ place: Place, at offset: Int, isUnescaped: Bool = false) throws(TemplateError) -> Escape {
        switch position?.verdict {
        case .escape(let escape): return escape
        case .refused(let why): throw place.source.error(.context, why, at: offset)
        case nil: return mode == .spec && !isUnescaped ? .plain : .none
        }
    }

    /// Data may be in the query of what the page loads into itself, and nowhere else in it.
    private func refuseLoading(_ place: Place, at offset: Int) throws(TemplateError) {
        guard let position, position.loadsCode else { return }
        let why = "data may not choose what `<\(position.element)>` loads; write `asset:`, or `url:` with a query"
        throw place.source.error(.context, why, at: offset)
    }

    private func unescaped(
        _ name: String, _ kind: FieldKind?, _ place: Place, at offset: Int
    ) throws(TemplateError) -> Escape {
        guard case .html = kind else {
            throw place.source.error(.context, "`\(name)` is not safe HTML: write it with two braces", at: offset)
        }
        guard position?.state == .text else {
            let here = position?.words ?? ""
            throw place.source.error(.context, "HTML may not stand \(here)", at: offset)
        }
        return .none
    }

    /// Why a field of this kind has no text of its own here.
    private static func mistake(in kind: FieldKind, _ escape: Escape, _ name: String) -> String? {
        switch kind {
        case .text, .integer, .word: nil
        case .flag: escape == .json ? nil : "`\(name)` is yes or no: use it in a section"
        case .money: "`\(name)` is an amount: write `money:\(name)`"
        case .time:
            "`\(name)` is a time: write `date:\(name)`, `time:\(name)`, `datetime:\(name)`, `ago:\(name)` or `iso:\(name)`"
        case .html: "`\(name)` is HTML: write it with three braces, in the text of a page"
        case .list: "`\(name)` is a list: open a section on it"
        case .object: "`\(name)` is an object: name one of its fields, or open a section on it"
        }
    }

    // MARK: Forms

    private mutating func emitForm(_ form: Form, _ place: Place, at offset: Int) throws(TemplateError) {
        var escape = try escape(place, at: offset)
        if form.kind == .url || form.kind == .asset, escape == .urlStart || escape == .urlPath {
            // Encoded already, and its beginning is the template's own.
            escape = .html
        }
        if form.kind != .word, form.kind != .url, let surplus = form.arguments.first {
            throw place.source.error(.syntax, "`\(form.text)` takes no argument `\(surplus.name)`", at: offset)
        }
        if form.kind != .asset, form.kind != .url || form.subject.contains("{") {
            try refuseLoading(place, at: offset)
        }
        switch form.kind {
        case .word: add(.word(key: form.subject, arguments: try word(form, place, at: offset)), escape)
        case .url: add(try url(form, place, at: offset), escape)
        case .asset:
            guard let url = library.asset(form.subject) else {
                throw place.source.error(.name, "there is no static file `\(form.subject)`", at: offset)
            }
            var out = Output()
            escape.append(url, to: &out)
            try constant(out.bytes()[...], place.source, at: offset)
            return
        case .money:
            add(.money(try operand(form, place, at: offset) { if case .money = $0 { true } else { false } }), escape)
        case .number:
            add(.number(try operand(form, place, at: offset) { if case .integer = $0 { true } else { false } }), escape)
        case .date: add(.date(try time(form, place, at: offset)), escape)
        case .time: add(.time(try time(form, place, at: offset)), escape)
        case .datetime: add(.dateTime(try time(form, place, at: offset)), escape)
        case .ago: add(.relative(try time(form, place, at: offset)), escape)
        case .iso: add(.iso(try time(form, place, at: offset)), escape)
        }
        if form.kind == .url { position?.passURL() } else { position?.passValue() }
    }

    private mutating func add(_ form: CompiledForm, _ escape: Escape) {
        code.append(.form(program.forms.count, escape))
        program.forms.append(form)
    }

    private func time(_ form: Form, _ place: Place, at offset: Int) throws(TemplateError) -> Operand {
        try operand(form, place, at: offset) { if case .time = $0 { true } else { false } }
    }

    private func operand(
        _ form: Form, _ place: Place, at offset: Int, _ suits: (FieldKind) -> Bool
    ) throws(TemplateError) -> Operand {
        let names = form.subject.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let expression = form.subject == "." ? Expression.current : .path(names)
        let resolved = try resolve(expression, place, at: offset)
        if let kind = resolved.kind, !suits(kind) {
            throw place.source.error(.name, "`\(form.subject)` is not what `\(form.kind.rawValue):` takes", at: offset)
        }
        return resolved.operand
    }

    private func arguments(
        _ form: Form, _ place: Place, at offset: Int
    ) throws(TemplateError) -> [(name: String, operand: Operand)] {
        var arguments: [(name: String, operand: Operand)] = []
        for (name, value) in form.arguments {
            switch value {
            case .literal(let text): arguments.append((name, .literal(text)))
            case .path(let names):
                let expression = names == ["", ""] ? Expression.current : .path(names)
                let resolved = try resolve(expression, place, at: offset)
                switch resolved.kind {
                case .list, .object, .html, .flag:
                    throw place.source.error(.name, "`\(expression.text)` cannot be an argument", at: offset)
                case .money where form.kind == .url, .time where form.kind == .url:
                    throw place.source.error(.name, "`\(expression.text)` cannot be a part of a URL", at: offset)
                default: arguments.append((name, resolved.operand))
                }
            }
        }
        return arguments
    }

    private func word(
        _ form: Form, _ place: Place, at offset: Int
    ) throws(TemplateError) -> [(name: String, operand: Operand)] {
        if let words = library.words, !words.has(form.subject) {
            throw place.source.error(.name, "the catalogue has no word `\(form.subject)`", at: offset)
        }
        return try arguments(form, place, at: offset)
    }

    private func url(_ form: Form, _ place: Place, at offset: Int) throws(TemplateError) -> CompiledForm {
        guard let first = form.subject.first, "/?#".contains(first), !form.subject.hasPrefix("//") else {
            throw place.source.error(.syntax, "a URL here begins with `/`, `?` or `#`", at: offset)
        }
        var url = URLForm(query: try arguments(form, place, at: offset))
        var rest = form.subject[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw place.source.error(.syntax, "a `{` of the URL is not closed", at: offset)
            }
            let name = String(rest[rest.index(after: open)..<close])
            guard let index = url.query.firstIndex(where: { $0.name == name }) else {
                throw place.source.error(.name, "`{\(name)}` of the URL has no argument `\(name)=`", at: offset)
            }
            url.add(rest[..<open])
            url.add(.value(url.query.remove(at: index).operand))
            rest = rest[rest.index(after: close)...]
        }
        url.add(rest)
        return .url(url)
    }
}

extension URLForm {
    fileprivate mutating func add(_ text: Substring) {
        let mark = fragment.isEmpty ? text.firstIndex(of: "#") ?? text.endIndex : text.startIndex
        let (before, after) = (text[..<mark], text[mark...])
        hasQuery = hasQuery || before.contains("?")
        if !before.isEmpty { path.append(.constant(String(before))) }
        if !after.isEmpty { fragment.append(.constant(String(after))) }
    }

    fileprivate mutating func add(_ value: URLPart) {
        if fragment.isEmpty { path.append(value) } else { fragment.append(value) }
    }
}
