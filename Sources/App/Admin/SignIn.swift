import Core
import Crypto
import Database
import HTTP
import SQL
import Store

/// Signing in and out: sessions made and ended.
struct SignIn: Sendable {
    private let host: Host

    /// Wrong passwords for one account, and from one address, before both must wait.
    private static let perAccount = ThrottlesTable.Rule(limit: 10, window: .minutes(15))
    private static let perAddress = ThrottlesTable.Rule(limit: 30, window: .minutes(15))

    init(_ host: Host) { self.host = host }

    enum Outcome {
        case user(User)
        case wrong
        case wait(Timestamp.Span)
    }

    /// Checks a password. Every try takes the same time, whether or not there is such an account.
    func check(email: String, password: Secret, from address: IPAddress) throws -> Outcome {
        let now = host.clock.now()
        let keys = [
            ("login:account:" + EmailKey.make(email), Self.perAccount), ("login:address:\(address)", Self.perAddress),
        ]
        let waits = try host.database.write { tx in
            try keys.compactMap { key, rule -> Timestamp.Span? in
                guard case .wait(let span) = try ThrottlesTable.take(key, by: rule, now: now, in: tx) else {
                    return nil
                }
                return span
            }
        }
        if let longest = waits.max() { return .wait(longest) }
        let user = try host.database.read { tx in try UsersTable.find(email: email, in: tx) }
        guard let user else {
            try PasswordHash.pretend(password)
            return .wrong
        }
        let hash = try PasswordHash(stored: user.passwordHash)
        guard try hash.matches(password) else { return .wrong }
        let renewed = hash.needsRenewal() ? try PasswordHash.make(password).text : nil
        try host.database.write { tx in
            for (key, _) in keys { try ThrottlesTable.clear(key, in: tx) }
            if let renewed { try UsersTable.setPassword(renewed, of: user.id, in: tx) }
        }
        return .user(user)
    }

    /// Makes a session and the cookie that names it.
    func begin(_ user: User, _ request: Request, _ context: Context) throws -> SetCookie {
        let now = host.clock.now()
        let token = Token.make()
        let session = Session(
            id: ID.make(at: now), userID: user.id, csrfSecret: RandomBytes.make(24), createdAt: now, lastSeenAt: now,
            confirmedAt: now, expiresAt: now + Callers.idle, address: context.clientAddress.description,
            agent: String((request.headers["User-Agent"] ?? "").prefix(200)))
        try host.database.write { tx in
            try SessionsTable.add(session, tokenHash: token.hash, in: tx)
            try UsersTable.seen(user.id, at: now, in: tx)
            let entry = AuditEntry(
                id: ID.make(at: now), at: now, actor: user.email, action: "session.begun", subject: user.email,
                data: [:])
            try AuditTable.add(entry, in: tx)
        }
        return Self.cookie(token.reveal(), maxAge: Int(Callers.idle.milliseconds / 1000), context)
    }

    func end(_ context: Context) throws -> SetCookie {
        if case .user(let user, _, _, let session) = context.caller {
            _ = try host.database.write { tx in try SessionsTable.end(session, of: user, in: tx) }
        }
        return Self.cookie("", maxAge: 0, context)
    }

    private static func cookie(_ value: String, maxAge: Int, _ context: Context) -> SetCookie {
        var cookie = SetCookie(Callers.cookie, value, maxAge: maxAge, secure: context.isSecure)
        cookie.path = "/admin"
        return cookie
    }
}
