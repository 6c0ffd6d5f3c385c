import Core
import Crypto
import Database
import SQL
import Store

/// `cartwright token …`: the keys of the API.
enum TokenCommands {
    static let all = [create, list, revoke]

    private static let name = Flag("name", "NAME", "what the key is for")
    private static let scope = Flag("scope", "SCOPE", "what it may do: read, write or admin [read]")

    private static let create = Command(
        "token create", "Makes an API key and prints it, once", flags: [name, scope, .keyFile], begins: true
    ) { call in
        let name = try call.require(name)
        let scope: Scope = try call.choice(scope, call[scope] ?? Scope.read.rawValue)
        let now = call.clock.now()
        let clear = Token.make(prefix: "cw_")
        let token = APIToken(
            id: ID.make(at: now), name: name, scope: scope, prefix: String(clear.reveal().prefix(8)), createdAt: now)
        try call.changing { foundation in
            try foundation.database.write { tx in
                try TokensTable.add(token, hash: clear.hash, in: tx)
                try note("token.created", token.id, ["name": name, "scope": scope.rawValue], at: now, in: tx)
            }
        }
        try call.print(clear.reveal())
    }

    private static let list = Command("token list", "Lists the API keys", flags: [.json, .keyFile]) { call in
        let tokens = try call.withFoundation { foundation in
            try foundation.database.read { tx in try TokensTable.all(in: tx) }
        }
        try call.print(
            Listing(
                columns: ["id", "name", "scope", "prefix", "created_at", "last_used_at", "revoked_at"],
                rows: tokens.map {
                    [
                        $0.id.description, $0.name, $0.scope.rawValue, $0.prefix, $0.createdAt.rfc3339,
                        $0.lastUsedAt?.rfc3339, $0.revokedAt?.rfc3339,
                    ]
                }))
    }

    private static let revoke = Command(
        "token revoke", "Ends an API key", operands: [.init(name: "ID")], flags: [.keyFile]
    ) { call in
        guard let id = ID(call.operands[0]) else { throw CommandFailure("\(call.operands[0]) is not the id of a key") }
        let now = call.clock.now()
        try call.changing { foundation in
            let isRevoked = try foundation.database.write { tx in
                guard try TokensTable.revoke(id, at: now, in: tx) else { return false }
                try note("token.revoked", id, [:], at: now, in: tx)
                return true
            }
            guard isRevoked else { throw CommandFailure("there is no key \(id), or it was revoked before") }
        }
    }

    private static func note(
        _ action: String, _ id: ID, _ data: [String: String], at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try AuditTable.add(
            AuditEntry(
                id: ID.make(at: now), at: now, actor: CommandActor.name, action: action, subject: "token:\(id)",
                data: data),
            in: tx)
    }
}
