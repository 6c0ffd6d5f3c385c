import Core
import Crypto
import Database
import HTTP
import SQL
import Store

/// Finds out who asks: by the session cookie under `/admin`, by the bearer token under `/api`.
struct Callers: Sendable {
    static let cookie = "cartwright"
    /// A session ends when it was not used for this long.
    static let idle = Timestamp.Span.days(14)
    /// So long after the password was given it is not asked for again.
    static let confirmed = Timestamp.Span.minutes(15)
    /// How often a session's last use is written down.
    private static let noteEvery = Timestamp.Span.minutes(1)

    private let database: Database
    private let clock: any Clock

    init(_ host: Host) {
        database = host.database
        clock = host.clock
    }

    /// The signed-in person and the session; nobody for an unknown or ended one.
    struct Person {
        var caller = Caller.nobody
        var csrf = ""
        /// The password was given a short while ago.
        var isConfirmed = false
    }

    func person(_ request: Request) throws -> Person {
        guard let token = request.cookies[Self.cookie], Token.isWellFormed(token) else { return Person() }
        let now = clock.now()
        let found = try database.read { tx -> (Session, User)? in
            guard let session = try SessionsTable.find(tokenHash: Token.hash(of: token), now: now, in: tx),
                let user = try UsersTable.find(session.userID, in: tx)
            else { return nil }
            return (session, user)
        }
        guard let (session, user) = found else { return Person() }
        if now - session.lastSeenAt > Self.noteEvery {
            try database.write { tx in
                try SessionsTable.seen(session.id, at: now, expiresAt: now + Self.idle, in: tx)
            }
        }
        return Person(
            caller: .user(id: user.id, email: user.email, role: user.role, session: session.id),
            csrf: session.csrfSecret.base64URL, isConfirmed: now - session.confirmedAt < Self.confirmed)
    }

    /// Who holds the API key; nobody without one, nil for one that is wrong or revoked.
    func client(_ request: Request) throws -> Caller? {
        guard let header = request.headers["Authorization"] else { return .nobody }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", Token.isWellFormed(String(parts[1]), prefix: "cw_")
        else { return nil }
        let hash = Token.hash(of: String(parts[1]))
        let now = clock.now()
        guard let token = try database.read({ tx in try TokensTable.find(hash: hash, in: tx) }), token.revokedAt == nil
        else { return nil }
        if token.lastUsedAt.map({ now - $0 > Self.noteEvery }) ?? true {
            try database.write { tx in try TokensTable.used(token.id, at: now, in: tx) }
        }
        return .token(id: token.id, name: token.name, scope: token.scope)
    }
}
