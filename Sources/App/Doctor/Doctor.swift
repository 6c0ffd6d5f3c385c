import Core
package import PluginKit
import Templating

/// Looks at every part of the house and says what needs a hand. A new look of the host's own is a line here; plugins
/// bring theirs.
package struct Doctor: Sendable {
    /// What one check found.
    package struct Result: Sendable, Equatable {
        package var id: String
        package var finding: HealthFinding
    }

    private let host: Host

    package init(_ host: Host) { self.host = host }

    /// Every check in the order in which a person reads them.
    package var checks: [HealthCheck] {
        MachineChecks(host).all + DatabaseChecks(host).all + SecretChecks(host).all + WorkChecks(host).all
            + DoorChecks(host).all + ReachChecks(host).all + host.plugins.checks
    }

    /// - Parameter outside: whether those run that call outside, or those that do not; nil for all.
    package func results(outside: Bool? = nil) -> [Result] {
        checks.filter { outside == nil || $0.callsOutside == outside }.map { check in
            do {
                return Result(id: check.id, finding: try check.run())
            } catch {
                let text = Word("check.threw", ["reason": .text(String(describing: error))])
                return Result(id: check.id, finding: HealthFinding(.fail, text, next: Word("check.threw_next")))
            }
        }
    }
}

extension HealthFinding {
    /// `check.<name>`, and for what is not well `check.<name>_next`.
    static func said(
        _ grade: Grade, _ name: String, _ arguments: [String: WordArgument] = [:], href: String? = nil
    ) -> HealthFinding {
        HealthFinding(
            grade, Word("check.\(name)", arguments), next: grade == .ok ? nil : Word("check.\(name)_next", arguments),
            href: href)
    }
}
