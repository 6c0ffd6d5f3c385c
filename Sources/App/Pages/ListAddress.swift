import PluginKit
import Core
import HTTP
import Templating

/// The address of a list with its filters. Links change one filter and keep the others; the place in the list goes.
struct ListAddress: Sendable {
    private static let place = "after"
    private let path: String
    private let filters: [(name: String, value: String)]
    /// After which row the page begins.
    let after: Cursor?

    /// - Parameter names: the filters that the list knows, in the order in which they stand in links.
    init(_ request: Request, _ names: [String]) {
        path = request.path
        filters = names.compactMap { name in
            request.query[name]?.trimmingSpaces.nonEmpty.map { (name, String($0.prefix(200))) }
        }
        after = request.query[Self.place].flatMap { Cursor($0) }
    }

    subscript(name: String) -> String? { filters.first { $0.name == name }?.value }

    func has(anyOf names: [String]) -> Bool { filters.contains { names.contains($0.name) } }

    /// The list with this filter set to `value`, or without it.
    func with(_ name: String, _ value: String?) -> String {
        let others = filters.filter { $0.name != name }
        return Self.text(path, others + (value.map { [(name, $0)] } ?? []))
    }

    func next(_ cursor: Cursor?) -> String? {
        cursor.map { Self.text(path, filters + [(Self.place, $0.text)]) }
    }

    /// The first page, from a later one.
    var first: String? { after == nil ? nil : Self.text(path, filters) }

    var cleared: String { path }

    private static func text(_ path: String, _ pairs: [(name: String, value: String)]) -> String {
        pairs.isEmpty ? path : path + "?" + URLEncoding.encode(pairs)
    }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }
}

/// One of a list's views, such as a state: `admin/parts/views`.
struct ListView: TemplateModel {
    var href: String
    var label: String
    var count: String
    var current: Bool

    static let fields: [Field<Self>] = [
        .text("href") { $0.href }, .text("label") { $0.label }, .text("count") { $0.count },
        .flag("current") { $0.current },
    ]

    /// Counts stop here: "1,000+".
    static let cap = 1000
}

/// A filter that is on, with the way to take it off: `admin/parts/chips`.
struct FilterChip: TemplateModel {
    var label: Word
    var href: String

    static let fields: [Field<Self>] = [.word("label") { $0.label }, .text("href") { $0.href }]
}
