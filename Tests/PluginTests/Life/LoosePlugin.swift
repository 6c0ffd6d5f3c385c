import Core
import PluginKit

/// A plugin that a test puts together.
struct LoosePlugin: Plugin {
    var declaration: PluginDeclaration
    var make: @Sendable (PluginContext) throws -> PluginParts = { _ in PluginParts() }
    var takeAway: @Sendable (PluginContext) throws -> Void = { _ in }

    func parts(_ context: PluginContext) throws -> PluginParts { try make(context) }
    func uninstall(_ context: PluginContext) throws { try takeAway(context) }

    /// One that has nothing but hooks.
    static func hooking(_ id: String, _ hooks: @escaping @Sendable (PluginContext) -> [HookRegistration]) -> Self {
        let declaration = PluginDeclaration(
            id: id, name: id.capitalised, version: "1", permissions: Set(Permission.allCases))
        return LoosePlugin(declaration: declaration) { context in
            var parts = PluginParts()
            parts.hooks = hooks(context)
            return parts
        }
    }
}

extension String {
    fileprivate var capitalised: String { prefix(1).uppercased() + dropFirst() }
}

/// A door that stays shut until the test opens it: whoever comes waits.
final class Gate: Sendable {
    private let isOpen = Monitor(false)
    private let waiting = Monitor(0)

    func pass() {
        waiting.withLock { $0 += 1 }
        waiting.wakeAll()
        isOpen.wait { $0 ? () : nil }
        waiting.withLock { $0 -= 1 }
        waiting.wakeAll()
    }

    func waitForSomebody() { waiting.wait { $0 > 0 ? () : nil } }

    func open() {
        isOpen.withLock { $0 = true }
        isOpen.wakeAll()
    }

    deinit { open() }
}
