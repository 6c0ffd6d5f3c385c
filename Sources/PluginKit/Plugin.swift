package import Templating

/// A capability that can be switched on and off: a shop, a channel, a kind of message.
///
///     init ──▶ validate ──▶ parts: active ──▶ inactive ──uninstall──▶ not installed
///                 ▲                              │  (what it kept stays, or goes with it)  │
///                 └──────────────────────────────┴─────────────────activate────────────────┘
///
/// `init` has no effects. The host reads `declaration`, migrates the plugin's tables, and when it is to be active asks
/// it to `validate` and then once for its `parts`. What a plugin may touch it gets through the context, never otherwise.
package protocol Plugin: Sendable {
    var declaration: PluginDeclaration { get }

    /// Looks whether it can work as it is set up, before anything of it runs. Throws a `PluginRefusal` with the words
    /// that the plugins page shows.
    func validate(_ context: PluginContext) throws

    /// The working parts, made when the plugin is activated. What it throws is shown on the plugins page.
    func parts(_ context: PluginContext) throws -> PluginParts

    /// Takes away what it made outside, such as webhooks and coupons in the shop, before its own data is deleted. What
    /// it throws is shown; the person may try again, or go on without.
    func uninstall(_ context: PluginContext) throws
}

extension Plugin {
    package func validate(_ context: PluginContext) throws {}
    package func uninstall(_ context: PluginContext) throws {}
}

/// A plugin does not start as it is set up; the word says what to do.
package struct PluginRefusal: Error, Sendable, Equatable {
    package var word: Word

    package init(_ word: Word) { self.word = word }
}
