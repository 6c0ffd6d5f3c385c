import Core
import Crypto
import Domain
import SQL
import Store

/// People, links, codes, keys.
enum AccessRaces {
    static func user(_ email: String, role: Role = .owner) -> User {
        User(id: ID.make(at: Host.now), email: email, name: "", role: role, passwordHash: "hash", createdAt: Host.now)
    }

    private static func add(_ email: String, in tx: any WriteTransaction) throws -> User {
        let user = user(email)
        guard try UsersTable.add(user, in: tx) else { throw DatabaseError(kind: .misuse, message: "the user exists") }
        return user
    }

    private static func known(_ email: String, in tx: any ReadTransaction) throws -> User {
        guard let user = try UsersTable.find(email: email, in: tx) else {
            throw DatabaseError(kind: .misuse, message: "no such user")
        }
        return user
    }

    private static let ana = "ana@example.com"
    private static let token = ID(7)

    static let all: [RaceCase] = [
        RaceCase("a user of one address is added") { turn, tx in
            try UsersTable.add(user(turn.name("ana") + "@example.com"), in: tx)
        } kept: {
            [("SELECT count(*) FROM users", $0)]
        },
        RaceCase("a request under one idempotency key goes on") { turn, tx in
            let key = IdempotencyTable.Key(token: token, path: "/api/v1/orders", key: turn.name("key"))
            return try IdempotencyTable.begin(key, requestHash: [1], at: Host.now, in: tx) == .goOn
        } kept: {
            [("SELECT count(*) FROM idempotency", $0)]
        },
        RaceCase("an abandoned idempotency key is taken over") { _, rounds, tx in
            for round in 0..<rounds {
                let key = IdempotencyTable.Key(token: token, path: "/", key: "key-\(round)")
                _ = try IdempotencyTable.begin(key, requestHash: [1], at: Host.now - .minutes(3), in: tx)
            }
        } part: { turn, tx in
            let key = IdempotencyTable.Key(token: token, path: "/", key: turn.name("key"))
            return try IdempotencyTable.begin(key, requestHash: [1], at: Host.now, in: tx) == .goOn
        },
        RaceCase("an invitation is used") { _, rounds, tx in
            for round in 0..<rounds {
                _ = try AccountLinksTable.invite(
                    "new-\(round)@example.com", as: .viewer, tokenHash: "hash-\(round)", at: Host.now, in: tx)
            }
        } part: { turn, tx in
            guard let link = try AccountLinksTable.find(tokenHash: turn.name("hash"), now: Host.now, in: tx),
                try AccountLinksTable.use(link.id, in: tx)
            else { return false }
            return try UsersTable.add(user(link.email, role: link.role), in: tx)
        } kept: {
            [("SELECT count(*) FROM users", $0), ("SELECT count(*) FROM account_links", 0)]
        },
        RaceCase("a start link is used") { _, rounds, tx in
            for round in 0..<rounds { try StartLinksTable.add(tokenHash: "hash-\(round)", at: Host.now, in: tx) }
        } part: { turn, tx in
            try StartLinksTable.use(tokenHash: turn.name("hash"), at: Host.now, in: tx)
        },
        RaceCase("a recovery code is used") { _, rounds, tx in
            let ana = try add(ana, in: tx)
            try RecoveryCodesTable.replace(hashes: (0..<rounds).map { "code-\($0)" }, of: ana.id, in: tx)
        } part: { turn, tx in
            try RecoveryCodesTable.use(hash: turn.name("code"), of: known(ana, in: tx).id, at: Host.now, in: tx)
        },
        RaceCase("the code of one moment is taken") { host, _, tx in
            let ana = try add(ana, in: tx)
            _ = try SecondFactorsTable.prepare(
                OneTimeCode.make(), of: ana.id, sealer: host.sealer, at: Host.now, in: tx)
        } part: { turn, tx in
            try SecondFactorsTable.take(step: Int64(turn.round), of: known(ana, in: tx).id, in: tx)
        },
        RaceCase("half a sign-in is made whole") { _, rounds, tx in
            let ana = try add(ana, in: tx)
            for round in 0..<rounds {
                try HalfSignInsTable.add(
                    tokenHash: "half-\(round)", visitorHash: "visitor", user: ana.id, at: Host.now, in: tx)
            }
        } part: { turn, tx in
            try HalfSignInsTable.end(tokenHash: turn.name("half"), in: tx)
        },
        RaceCase("the last try that a throttle lets through is taken") { turn, tx in
            let rule = ThrottlesTable.Rule(limit: 1, window: .hours(1))
            return try ThrottlesTable.take(turn.name("login"), by: rule, now: Host.now, in: tx) == .pass
        } kept: {
            [("SELECT count(*) FROM throttles WHERE used >= 2", $0)]
        },
        RaceCase("a key of the host is made") { turn, tx in
            let value = "\(turn.side)"
            try SettingsTable.setOnce(turn.name("host.key"), to: .plain(value), at: Host.now, in: tx)
            return try SettingsTable.get(turn.name("host.key"), in: tx) == .plain(value)
        },
    ]
}
