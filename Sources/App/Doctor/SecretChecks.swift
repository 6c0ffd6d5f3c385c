import Core
import Crypto
import Database
import PluginKit
import SQL
import Store
import Templating

/// What is kept from others, and what is proved to them: the master key, the secrets, the consents.
struct SecretChecks {
    private let host: Host

    init(_ host: Host) { self.host = host }

    var all: [HealthCheck] {
        [
            HealthCheck(id: "master_key") { [host] in try Self.masterKey(host) },
            HealthCheck(id: "secrets") { [host] in Self.secrets(host) },
            HealthCheck(id: "consents") { [host] in try Self.consents(host) },
        ]
    }

    private static func masterKey(_ host: Host) throws -> HealthFinding {
        let file = host.keyring.file
        let keys: [MasterKey]
        do throws(CryptoError) {
            keys = try file.load()
        } catch {
            return .said(.fail, "master_key.unreadable", ["reason": .text(error.message)])
        }
        let used = try host.database.read { tx in try SealedValues.counts(in: tx) }
        let missing = used.keys.filter { id in !keys.contains { $0.id == id } }.sorted()
        if let id = missing.first { return .said(.fail, "master_key.missing", ["key": .text(id)]) }
        let id: [String: WordArgument] = ["key": .text(keys.first?.id ?? "")]
        return keys.count > 1 ? .said(.warn, "master_key.former", id) : .said(.ok, "master_key", id)
    }

    private static func secrets(_ host: Host) -> HealthFinding {
        let secrets = host.settings.declarations.filter(\.isSecret)
        let bad = host.settings.unreadable(secrets.map(\.key)).sorted()
        guard let first = bad.first else { return .said(.ok, "secrets") }
        let tab = host.settings.declaration(first)?.tab ?? "site"
        return .said(
            .fail, "secrets.unreadable", ["keys": .text(bad.joined(separator: ", "))], href: "/admin/settings/\(tab)")
    }

    private static func consents(_ host: Host) throws -> HealthFinding {
        let verdict = try ConsentVerification(keys: host.keys).run(on: host.database)
        let count: [String: WordArgument] = [
            "count": .number(Int64(verdict.rows)), "findings": .number(Int64(verdict.findings.count)),
        ]
        return verdict.findings.isEmpty ? .said(.ok, "consents", count) : .said(.fail, "consents.changed", count)
    }
}
