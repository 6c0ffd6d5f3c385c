package import PluginKit
package import Store
package import Templating

/// Which plugins are to be active: what people chose, and where they did not, what the program was started for.
package struct PluginChoice: Sendable {
    /// What the table says.
    package var entries: [PluginsTable.Entry]
    /// `--safe-mode`.
    package var coreOnly = false
    /// `--demo`.
    package var demo = false

    package init(entries: [PluginsTable.Entry], coreOnly: Bool = false, demo: Bool = false) {
        self.entries = entries
        self.coreOnly = coreOnly
        self.demo = demo
    }

    package func isOn(_ plugin: PluginDeclaration) -> Bool {
        guard plugin.isCore || !coreOnly else { return false }
        return entries.first { $0.id == plugin.id }?.isActive ?? (demo || !plugin.isForDemo)
    }

    /// Whether it has its tables: all have at first, and those that were uninstalled once they are activated again.
    package func isInstalled(_ plugin: PluginDeclaration) -> Bool {
        entries.first { $0.id == plugin.id }?.isInstalled ?? true
    }
}

/// Why a plugin that is to be active is not.
package enum PluginProblem: Error, Sendable, Equatable {
    /// Plugins that it needs are off, by name.
    case lacks([String])
    /// It needs a later release of the host.
    case needsHost(String)
    /// It says by itself why it does not start.
    case refused(Word)
    /// It threw something else.
    case failed(String)

    init(_ error: any Error) {
        switch error {
        case let problem as PluginProblem: self = problem
        case let refusal as PluginRefusal: self = .refused(refusal.word)
        default: self = .failed(String(describing: error))
        }
    }

    /// For the plugins page.
    package var word: Word {
        switch self {
        case .lacks(let names): Word("plugins.lacks", ["names": .text(names.joined(separator: ", "))])
        case .needsHost(let version): Word("plugins.needs_host", ["version": .text(version)])
        case .refused(let word): word
        case .failed(let reason): Word("plugins.failed", ["reason": .text(reason)])
        }
    }
}

/// Numbers with dots between them: `1.10` is later than `1.9`.
struct DottedVersion: Comparable {
    let numbers: [Int]

    init(_ text: String) { numbers = text.split(separator: ".").map { Int($0) ?? 0 } }

    static func < (one: DottedVersion, other: DottedVersion) -> Bool {
        for place in 0..<max(one.numbers.count, other.numbers.count) {
            let (left, right) = (one.number(place), other.number(place))
            if left != right { return left < right }
        }
        return false
    }

    private func number(_ place: Int) -> Int { place < numbers.count ? numbers[place] : 0 }
}
