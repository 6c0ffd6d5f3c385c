import Core
import Domain
package import PluginKit
import Store

/// What this program tells others and keeps of persons, drawn from the declarations: the page, the command and
/// `docs/privacy.md` all show this.
struct PrivacyReport: Sendable {
    /// A host outside that is called.
    struct Call: Sendable {
        /// Nil: the program itself.
        var plugin: PluginDeclaration?
        var host: OutsideHost

        /// The setting that names the host.
        var setting: String? { if case .setting(let key) = host.address { key } else { nil } }
    }

    /// A table that knows something of persons.
    struct Table: Sendable {
        /// Nil: one of the program's own.
        var plugin: PluginDeclaration?
        var data: PersonalData

        /// The columns that erasing treats so, in order.
        func columns(_ fate: PersonalData.OnErase) -> [String] {
            data.columns.filter { $0.value == fate }.map(\.key).sorted()
        }
    }

    var calls: [Call]
    var tables: [Table]

    init(_ plugins: [PluginDeclaration]) {
        calls = OutsideHost.ofHost.map { Call(plugin: nil, host: $0) }
        tables = PersonalData.ofHost.map { Table(plugin: nil, data: $0) }
        for plugin in plugins {
            calls += plugin.hosts.map { Call(plugin: plugin, host: $0) }
            tables += plugin.personalData.map { Table(plugin: plugin, data: $0) }
        }
    }
}

extension OutsideHost {
    /// Whom the program itself calls. Each is named by a setting that is empty at first: a fresh program calls nobody.
    package static let ofHost = [
        OutsideHost(
            address: .setting(HostSettings.publicURL.key), sends: "privacy.host.public_url.sends",
            when: "privacy.host.public_url.when"),
        OutsideHost(
            address: .setting(AlertSettings.mailServer.key), sends: "privacy.host.smtp.sends",
            when: "privacy.host.alerts.when"),
        OutsideHost(
            address: .setting(AlertSettings.webhook.key), sends: "privacy.host.alerts_webhook.sends",
            when: "privacy.host.alerts.when"),
    ]

    /// The name of the host as settings stand, or nil while no setting names one.
    /// - Parameter shown: what a setting shows, by its key.
    func name(_ shown: (String) -> String?) -> String? {
        switch address {
        case .host(let name): return name
        case .setting(let key):
            guard let text = shown(key), !text.isEmpty else { return nil }
            // A secret address is not told; that it is set is.
            return WebAddress(text)?.host ?? text
        }
    }
}

extension PersonalData {
    /// What the table is for, in the catalogue.
    var word: String { "privacy.table." + table }
}
