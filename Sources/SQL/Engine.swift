/// The two database engines. Where their SQL differs, two named queries stand side by side and `choose` picks.
package enum Engine: String, Sendable, CaseIterable {
    case sqlite, postgresql

    package func choose<T>(sqlite: @autoclosure () -> T, postgresql: @autoclosure () -> T) -> T {
        switch self {
        case .sqlite: sqlite()
        case .postgresql: postgresql()
        }
    }
}
