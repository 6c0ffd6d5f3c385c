import Synchronization

/// An action that is handed on before the one who does it is made; until then it does nothing.
final class LateAction: Sendable {
    private let action = Mutex<(@Sendable () throws -> Void)?>(nil)

    func set(_ action: @escaping @Sendable () throws -> Void) { self.action.withLock { $0 = action } }

    func run() throws { try action.withLock { $0 }?() }
}
