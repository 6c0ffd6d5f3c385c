package import Core
package import Crypto
package import Database
package import PluginKit
package import SQL
import Store
import Synchronization

/// All settings as they are in force, held in memory, and the one way to change them.
///
/// Of one key counts, in this order: what the command line says, what is stored, what the running program found out
/// by itself, the declaration's default. Only what is stored can be changed.
///
/// A change raises a revision in the database; each process looks at it every second (`refresh`) and reads anew.
package final class SettingsHub: SettingsReader {
    /// What is in force for one key.
    package enum Value: Sendable, Equatable {
        case text(String)
        case secret(Secret)
        /// Stored, but no present key opens it: damaged, moved from another setting, or sealed by a lost key.
        case unreadable
    }

    private struct State {
        var values: [String: Value] = [:]
        var revision = -1
        /// Normalised texts by key.
        var overrides: [String: String] = [:]
        var defaults: [String: String] = [:]
    }

    package let declarations: [SettingDeclaration]
    private let byKey: [String: SettingDeclaration]
    private let database: Database
    private let keyring: Keyring
    private let clock: any Clock
    private let state = Mutex(State())
    /// One reads at a time, so that the later reading counts.
    private let reading = Mutex(())
    /// What the text of a key came to last: the rules of orders are pages of JSON, and asked for with every event.
    private let decoded = Mutex<[String: (text: String, value: any Sendable)]>([:])
    private let listeners = Mutex<[@Sendable (Set<String>) -> Void]>([])

    /// Two declarations of one key are a mistake of the program.
    package init(
        _ declarations: [SettingDeclaration], database: Database, keyring: Keyring, clock: any Clock
    ) throws {
        self.declarations = declarations
        byKey = Dictionary(declarations.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        precondition(byKey.count == declarations.count, "two settings share a key")
        self.database = database
        self.keyring = keyring
        self.clock = clock
        for declaration in declarations where declaration.isGenerated {
            let now = clock.now()
            let value = SettingsTable.Stored.plain(Token.make().reveal().prefix(24).lowercased())
            try database.write { tx in try SettingsTable.setOnce(declaration.key, to: value, at: now, in: tx) }
        }
        try reload()
    }

    package subscript<Value>(_ setting: Setting<Value>) -> Value {
        let (value, fallback) = state.withLock { state in
            (
                state.overrides[setting.key].map(Self.Value.text) ?? state.values[setting.key],
                state.defaults[setting.key]
            )
        }
        return switch value {
        case .text(let text): decode(text, as: setting)
        case .secret(let secret): setting.decode(secret.reveal())
        case .unreadable, nil: decode(fallback ?? setting.declaration.defaultText, as: setting)
        }
    }

    private func decode<Value>(_ text: String, as setting: Setting<Value>) -> Value {
        if let last = decoded.withLock({ $0[setting.key] }), last.text == text, let value = last.value as? Value {
            return value
        }
        let value = setting.decode(text)
        decoded.withLock { $0[setting.key] = (text, value) }
        return value
    }

    /// Puts a value of the command line in front of what is stored.
    /// - Parameter text: as the setting's declaration normalises it.
    package func override(_ setting: Setting<String>, with text: String) {
        state.withLock { $0.overrides[setting.key] = text }
    }

    /// What holds where nothing is stored, in place of the declaration's default.
    /// - Parameter text: as the setting's declaration normalises it.
    package func setDefault(of setting: Setting<String>, to text: String) {
        state.withLock { $0.defaults[setting.key] = text }
    }

    /// The command line has the last word on it: a change is stored, but not in force.
    package func isOverridden(_ key: String) -> Bool { state.withLock { $0.overrides[key] != nil } }

    package func isStored(_ key: String) -> Bool { stored(key) != nil }

    package func unreadable(_ keys: [String]) -> [String] {
        state.withLock { state in keys.filter { state.values[$0] == .unreadable } }
    }

    /// Nil when nothing is stored: the default holds.
    package func stored(_ key: String) -> Value? { state.withLock { $0.values[key] } }

    package func declaration(_ key: String) -> SettingDeclaration? { byKey[key] }

    /// What a person is shown: the text in force, or `(set)` for a secret.
    package func shown(_ declaration: SettingDeclaration) -> String {
        let (stated, value, fallback) = state.withLock { state in
            (state.overrides[declaration.key], state.values[declaration.key], state.defaults[declaration.key])
        }
        if let stated { return stated }
        return switch value {
        case .text(let text): text
        case .secret: "(set)"
        case .unreadable: "(unreadable)"
        case nil: fallback ?? declaration.defaultText
        }
    }

    /// Calls `body` after each change, whoever made it, with the keys whose values are others now.
    package func onChange(_ body: @escaping @Sendable (Set<String>) -> Void) {
        listeners.withLock { $0.append(body) }
    }

    /// Stores changes, all or none. An empty text takes a setting back to its default.
    /// - Throws: `SettingProblems` with every value that is refused; then nothing has changed.
    package func change(
        _ changes: [String: String], by actor: String, also: (@Sendable (any WriteTransaction) throws -> Void)? = nil
    ) throws {
        let sealer = keyring.sealer
        var problems = SettingProblems()
        var checked: [String: SettingsTable.Stored?] = [:]
        for (key, text) in changes {
            guard let declaration = byKey[key] else {
                problems.byKey[key] = SettingProblem("unknown_key", ["key": key])
                continue
            }
            do throws(SettingProblem) {
                let normalised = try declaration.kind.check(text)
                if normalised.isEmpty {
                    checked[key] = SettingsTable.Stored?.none
                } else if declaration.isSecret {
                    checked[key] = .sealed(sealer.seal(Secret(normalised), name: key))
                } else {
                    checked[key] = .plain(normalised)
                }
            } catch {
                problems.byKey[key] = error
            }
        }
        guard problems.byKey.isEmpty else { throw problems }
        let now = clock.now()
        try database.write { [checked] tx in
            if checked.values.contains(where: { if case .sealed = $0 { true } else { false } }) {
                try SealingKey.check(sealer, in: tx)
            }
            for (key, value) in checked.sorted(by: { $0.key < $1.key }) {
                try SettingsTable.set(key, to: value, at: now, in: tx)
                try AuditTable.add(
                    AuditEntry(
                        id: ID.make(at: now), at: now, actor: actor, action: "setting.changed", subject: key, data: [:]),
                    in: tx)
            }
            try also?(tx)
        }
        try reload()
    }

    /// Reads anew when another process has changed something. Called about every second.
    package func refresh() throws {
        let revision = try database.read { tx in try RevisionsTable.all(in: tx)[.settings] ?? 0 }
        if revision != state.withLock({ $0.revision }) { try reload() }
    }

    package func reload() throws {
        let changed = try reading.withLock { _ in
            let (values, revision) = try readValues()
            return state.withLock { state in
                state.revision = revision
                let before = state.values
                state.values = values
                return Set(before.keys).union(values.keys).filter { before[$0] != values[$0] }
            }
        }
        if !changed.isEmpty { for listener in listeners.withLock({ $0 }) { listener(changed) } }
    }

    private func readValues() throws -> ([String: Value], revision: Int) {
        let sealer = keyring.sealer
        let (rows, revision) = try database.read { tx in
            (try SettingsStore(sealer: sealer).all(in: tx), try RevisionsTable.all(in: tx)[.settings] ?? 0)
        }
        var values: [String: Value] = [:]
        for (key, stored) in rows {
            switch stored {
            case .plain(let text): values[key] = byKey[key]?.isSecret == true ? .unreadable : .text(text)
            case .secret(let secret): values[key] = .secret(secret)
            case .unreadable: values[key] = .unreadable
            case .absent: break
            }
        }
        return (values, revision)
    }
}

/// The values of one change that are refused, by key.
package struct SettingProblems: Error, Sendable, Equatable {
    package var byKey: [String: SettingProblem] = [:]

    package init(byKey: [String: SettingProblem] = [:]) { self.byKey = byKey }
}
