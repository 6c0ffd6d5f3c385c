package import Core
package import SQL

/// What the admin has set: one row a key, in the clear or sealed, never both. A key without a row has its default.
package enum SettingsTable {
    package enum Stored: Sendable, Equatable {
        case plain(String)
        /// Bytes that only `Sealer` can open, with the key's name as associated data.
        case sealed([UInt8])
    }

    package static func all(in tx: any ReadTransaction) throws -> [String: Stored] {
        let rows = try tx.rows("SELECT key, value, sealed FROM settings")
        return try Dictionary(uniqueKeysWithValues: rows.map { (try $0.text(0), try stored($0)) })
    }

    package static func get(_ key: String, in tx: any ReadTransaction) throws -> Stored? {
        try tx.first("SELECT key, value, sealed FROM settings WHERE key = \(key)").map(stored)
    }

    /// Nil takes the setting back to its default. Every other process hears of it through the revision.
    package static func set(_ key: String, to new: Stored?, at now: Timestamp, in tx: any WriteTransaction) throws {
        switch new {
        case .plain(let text): try put(key, value: text, sealed: nil, at: now, in: tx)
        case .sealed(let bytes): try put(key, value: nil, sealed: bytes, at: now, in: tx)
        case nil: try tx.run("DELETE FROM settings WHERE key = \(key)")
        }
        try RevisionsTable.raise(.settings, in: tx)
    }

    /// Stores the value only where the key has none yet; whoever comes second reads the first one's.
    package static func setOnce(_ key: String, to new: Stored, at now: Timestamp, in tx: any WriteTransaction) throws {
        let (value, sealed): (String?, [UInt8]?) =
            switch new {
            case .plain(let text): (text, nil)
            case .sealed(let bytes): (nil, bytes)
            }
        try tx.run(
            """
            INSERT INTO settings (key, value, sealed, updated_at, version)
            VALUES (\(key), \(value), \(sealed), \(now), 1)
            ON CONFLICT (key) DO NOTHING
            """)
    }

    private static func put(
        _ key: String, value: String?, sealed: [UInt8]?, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO settings (key, value, sealed, updated_at, version)
            VALUES (\(key), \(value), \(sealed), \(now), 1)
            ON CONFLICT (key) DO UPDATE
            SET value = excluded.value, sealed = excluded.sealed, updated_at = excluded.updated_at,
                version = settings.version + 1
            """)
    }

    private static func stored(_ row: Row) throws -> Stored {
        if let sealed = try row.bytesOrNil(2) { return .sealed(sealed) }
        return .plain(try row.text(1))
    }
}
