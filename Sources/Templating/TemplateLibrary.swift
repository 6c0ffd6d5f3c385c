import Synchronization

/// The templates of the program and of a site, and what they may refer to.
///
/// Texts are read once; to see changed files, make a new library.
package struct TemplateLibrary: Sendable {
    /// The language whose words all templates are checked against; nil checks none.
    let words: (any TemplateWords)?
    let asset: @Sendable (String) -> String?
    let helpers: [String: TemplateHelper]
    private let folders: [TemplateFolder]
    private let overrides: TemplateFolder?
    private let fixed: [String: TemplateSource]
    private let ignored: Set<String>
    private let cache = Cache()

    /// - Parameters:
    ///   - folders: where `admin/orders` is `admin/orders.mustache`; a later folder wins over an earlier one.
    ///   - overrides: a site's own templates, which win over all others. One that is broken is left aside.
    ///   - words: the catalogue that `{{t:…}}` is checked against.
    ///   - helpers: what templates may use beside the fields of their models.
    ///   - asset: the URL of a static file, nil if there is none.
    package init(
        folders: [String] = [], overrides: String? = nil, sources: [TemplateSource] = [],
        words: (any TemplateWords)? = nil, helpers: [TemplateHelper] = [],
        asset: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.init(
            folders: folders.map(TemplateFolder.init), overrides: overrides.map(TemplateFolder.init),
            fixed: Dictionary(sources.map { ($0.name, $0) }) { _, last in last }, ignored: [], words: words,
            helpers: Dictionary(helpers.map { ($0.name, $0) }) { _, last in last }, asset: asset)
    }

    private init(
        folders: [TemplateFolder], overrides: TemplateFolder?, fixed: [String: TemplateSource], ignored: Set<String>,
        words: (any TemplateWords)?, helpers: [String: TemplateHelper],
        asset: @escaping @Sendable (String) -> String?
    ) {
        self.folders = folders
        self.overrides = overrides
        self.fixed = fixed
        self.ignored = ignored
        self.words = words
        self.helpers = helpers
        self.asset = asset
    }

    // MARK: Compiling

    /// A page of the given model, checked against its fields.
    package func page<Model: TemplateModel>(
        _ name: String, _ model: Model.Type
    ) throws(TemplateError) -> PageTemplate<Model> { try template(name, model, .page) }

    /// A text (a message, a mail) of the given model.
    package func text<Model: TemplateModel>(
        _ name: String, _ model: Model.Type
    ) throws(TemplateError) -> PageTemplate<Model> { try template(name, model, .text) }

    private func template<Model: TemplateModel>(
        _ name: String, _ model: Model.Type, _ mode: TemplateMode
    ) throws(TemplateError) -> PageTemplate<Model> {
        let (program, problems) = try compileOrFallBack(name, Scope(root: Shape(model)), mode)
        return PageTemplate(program, problems: problems)
    }

    /// A template for data whose fields are not known before.
    package func untyped(_ name: String, _ mode: TemplateMode) throws(TemplateError) -> UntypedTemplate {
        UntypedTemplate(program: try compile(name, .dynamic, mode))
    }

    /// Leaves broken overrides of the site aside, one after the other, for as long as there are any.
    private func compileOrFallBack(
        _ name: String, _ scope: Scope, _ mode: TemplateMode
    ) throws(TemplateError) -> (Program, problems: [TemplateError]) {
        var library = self
        var problems: [TemplateError] = []
        while true {
            do throws(TemplateError) {
                return (try library.compile(name, scope, mode), problems)
            } catch {
                let used = library.cache.overrides()
                guard !used.isEmpty else { throw error }
                problems.append(error)
                let culprit = used.filter { $0.value == error.file }.keys
                library = library.ignoring(culprit.isEmpty ? Set(used.keys) : Set(culprit))
            }
        }
    }

    private func compile(_ name: String, _ scope: Scope, _ mode: TemplateMode) throws(TemplateError) -> Program {
        var compiler = Compiler(mode: mode, library: self)
        return try compiler.compile(name, scope: scope)
    }

    private func ignoring(_ names: Set<String>) -> TemplateLibrary {
        TemplateLibrary(
            folders: folders, overrides: overrides, fixed: fixed, ignored: ignored.union(names), words: words,
            helpers: helpers, asset: asset)
    }

    // MARK: Texts

    /// The text in force; nil when there is no template of the name.
    package func source(_ name: String) throws(TemplateError) -> TemplateSource? {
        if !ignored.contains(name), let own = try overrides?.source(name) { return own }
        return try original(name)
    }

    /// The text that came with the program.
    package func original(_ name: String) throws(TemplateError) -> TemplateSource? {
        if let source = fixed[name] { return source }
        for folder in folders.reversed() {
            if let source = try folder.source(name) { return source }
        }
        return nil
    }

    /// The text of the site that stands in front of the original.
    package func override(_ name: String) throws(TemplateError) -> TemplateSource? { try overrides?.source(name) }

    /// All names, sorted.
    package func names() -> [String] {
        var names = Set(fixed.keys)
        for folder in folders + (overrides.map { [$0] } ?? []) { names.formUnion(folder.names()) }
        return names.sorted()
    }

    func parsed(_ name: String, _ mode: TemplateMode) throws(TemplateError) -> ParsedTemplate? {
        let hasForms = mode != .spec
        let key = Cache.Key(name: name, hasForms: hasForms)
        if let known = cache[key] { return known }
        var source = ignored.contains(name) ? nil : try overrides?.source(name)
        let isOverride = source != nil
        if source == nil { source = try original(name) }
        guard let source else { return nil }
        if isOverride { cache.note(override: name, file: source.file) }
        let template = ParsedTemplate(source: source, nodes: try Parser.nodes(of: source, hasForms: hasForms))
        cache[key] = template
        return template
    }

    /// What is read and parsed already. The lock is held only to look in or put in.
    private final class Cache: Sendable {
        struct Key: Hashable {
            let name: String
            let hasForms: Bool
        }

        private let templates = Mutex<[Key: ParsedTemplate]>([:])
        private let overrideFiles = Mutex<[String: String]>([:])

        subscript(key: Key) -> ParsedTemplate? {
            get { templates.withLock { $0[key] } }
            set { templates.withLock { $0[key] = newValue } }
        }

        func note(override name: String, file: String) { overrideFiles.withLock { $0[name] = file } }
        /// The files of the overrides read so far, by name.
        func overrides() -> [String: String] { overrideFiles.withLock { $0 } }
    }
}

/// A template's text and tree.
struct ParsedTemplate: Sendable {
    let source: TemplateSource
    let nodes: [Node]
}
