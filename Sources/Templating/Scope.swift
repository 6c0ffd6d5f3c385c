/// What a template can name at some place: the open rows, innermost last, each with the register that holds it.
struct Scope {
    struct Entry {
        let shape: Shape
        let register: Int
    }

    /// A value together with what is known of it; nothing is, for data without a shape.
    struct Resolved {
        var operand: Operand
        var kind: FieldKind?
    }

    private(set) var entries: [Entry] = []
    /// `.` in a section on a plain value.
    private var current: Resolved?
    let isDynamic: Bool

    static let dynamic = Scope(isDynamic: true)

    private init(isDynamic: Bool) { self.isDynamic = isDynamic }

    init(root: Shape) {
        self.init(isDynamic: false)
        entries = [Entry(shape: root, register: 0)]
    }

    /// The scope inside a section over rows.
    ///
    /// A shape has one register: rows of a shape that is open already take its place while the section runs, for
    /// their fields hide those of the outer ones. So a template that includes itself meets finitely many scopes.
    func entering(_ shape: Shape) -> (scope: Scope, register: Int) {
        var scope = self
        let known = entries.first { $0.shape.type == shape.type }
        let register = known?.register ?? entries.count
        scope.entries.removeAll { $0.shape.type == shape.type }
        scope.entries.append(Entry(shape: shape, register: register))
        scope.current = nil
        return (scope, register)
    }

    func with(current: Resolved) -> Scope {
        var scope = self
        scope.current = current
        return scope
    }

    /// - Throws: why the name means nothing here.
    func resolve(_ expression: Expression) throws(Unresolved) -> Resolved {
        switch expression {
        case .current:
            if isDynamic { return Resolved(operand: .current, kind: nil) }
            if let current { return current }
            if let entry = entries.last, let index = entry.shape.index(of: ".") {
                return resolved(entry, [], index, entry.shape)
            }
            throw Unresolved(why: "`.` is a text only in a list of texts or a section on a value")
        case .path(let names): return try resolve(names)
        case .form(let form): throw Unresolved(why: "`\(form.text)` is not a field")
        }
    }

    func resolve(_ names: [String]) throws(Unresolved) -> Resolved {
        if isDynamic { return Resolved(operand: .name(names), kind: nil) }
        guard let first = names.first else { throw Unresolved(why: "there is no name") }
        for entry in entries.reversed() {
            guard var index = entry.shape.index(of: first) else { continue }
            var shape = entry.shape
            var steps: [FieldReference] = []
            for (name, next) in zip(names, names.dropFirst()) {
                guard case .object(let part) = shape.fields[index].kind else {
                    throw Unresolved(why: "`\(name)` has no parts")
                }
                steps.append(shape.fields[index].reference)
                shape = part()
                guard let inner = shape.index(of: next) else { throw unknown(next, [shape]) }
                index = inner
            }
            return resolved(entry, steps, index, shape)
        }
        throw unknown(first, entries.reversed().map(\.shape))
    }

    private func resolved(
        _ entry: Entry, _ steps: [FieldReference], _ index: Int, _ shape: Shape
    ) -> Resolved {
        let field = shape.fields[index]
        return Resolved(
            operand: .field(register: entry.register, steps: steps, field.reference), kind: field.kind)
    }

    private func unknown(_ name: String, _ shapes: [Shape]) -> Unresolved {
        let known = shapes.map { shape in
            "\(shape.name) has " + shape.fields.map { "`\($0.name)`" }.joined(separator: ", ")
        }
        return Unresolved(why: "there is no field `\(name)`; " + known.joined(separator: "; "))
    }

    /// What two uses of one template must have in common to share its compiled form.
    var key: Key {
        Key(types: entries.map(\.shape.type), registers: entries.map(\.register), current: current?.operand)
    }

    struct Key: Hashable {
        let types: [ObjectIdentifier]
        let registers: [Int]
        let current: Operand?
    }
}

/// Why a name means nothing; the compiler adds the place.
struct Unresolved: Error {
    let why: String
}
