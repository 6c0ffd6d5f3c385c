package import Core
package import Crypto
package import SQL

/// A setting as it is found.
package enum StoredSetting: Sendable, Equatable {
    /// Never set: the default holds.
    case absent
    case plain(String)
    case secret(Secret)
    /// Sealed by a key we do not have, or altered. Shown as such; never taken for empty.
    case unreadable
}

/// Settings with their secrets sealed and opened.
package struct SettingsStore: Sendable {
    private let sealer: Sealer

    package init(sealer: Sealer) { self.sealer = sealer }

    package func get(_ key: String, in tx: any ReadTransaction) throws -> StoredSetting {
        try SettingsTable.get(key, in: tx).map { opened($0, key: key) } ?? .absent
    }

    /// Every setting that was set, without the host's own keys.
    package func all(in tx: any ReadTransaction) throws -> [String: StoredSetting] {
        var found: [String: StoredSetting] = [:]
        for (key, stored) in try SettingsTable.all(in: tx) where !HostKeys.settingNames.contains(key) {
            found[key] = opened(stored, key: key)
        }
        return found
    }

    package func set(_ key: String, to text: String, at now: Timestamp, in tx: any WriteTransaction) throws {
        try SettingsTable.set(key, to: .plain(text), at: now, in: tx)
    }

    package func set(_ key: String, to secret: Secret, at now: Timestamp, in tx: any WriteTransaction) throws {
        try SealingKey.check(sealer, in: tx)
        try SettingsTable.set(key, to: .sealed(sealer.seal(secret, name: key)), at: now, in: tx)
    }

    /// Takes the setting back to its default.
    package func remove(_ key: String, at now: Timestamp, in tx: any WriteTransaction) throws {
        try SettingsTable.set(key, to: nil, at: now, in: tx)
    }

    /// Seals anew what was sealed with a former key; how many. What cannot be opened stays as it is.
    package func resealAll(at now: Timestamp, in tx: any WriteTransaction) throws -> Int {
        var count = 0
        for (key, stored) in try SettingsTable.all(in: tx) {
            guard case .sealed(let bytes) = stored, (try? sealer.isOutdated(bytes)) == true,
                let clear = try? sealer.open(bytes, name: key)
            else { continue }
            try SettingsTable.set(key, to: .sealed(sealer.seal(clear, name: key)), at: now, in: tx)
            count += 1
        }
        return count
    }

    private func opened(_ stored: SettingsTable.Stored, key: String) -> StoredSetting {
        switch stored {
        case .plain(let text): return .plain(text)
        case .sealed(let bytes):
            do { return .secret(try sealer.openSecret(bytes, name: key)) } catch { return .unreadable }
        }
    }
}
