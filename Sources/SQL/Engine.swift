/// The two database engines. Where their SQL differs, two named queries stand side by side and `choose` picks.
package enum Engine: String, Sendable, CaseIterable {
    case sqlite, postgresql

    /// As its makers write it.
    package var name: String { choose(sqlite: "SQLite", postgresql: "PostgreSQL") }

    package func choose<T>(sqlite: @autoclosure () -> T, postgresql: @autoclosure () -> T) -> T {
        switch self {
        case .sqlite: sqlite()
        case .postgresql: postgresql()
        }
    }
}
