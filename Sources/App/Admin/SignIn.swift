import Core
import Crypto
import Database
import HTTP
import SQL
import Store

/// Signing in and out: sessions made and ended.
///
///     password ──right, no second factor──▶ signed in (begin)
///        └──right──▶ half signed in (beginHalf) ──code right (finish)──▶ signed in
struct SignIn: Sendable {
    /// Names who gave the password and still owes the code.
    static let halfCookie = "cartwright_half"

    private let host: Host
    private let guesses: GuessGuard

    init(_ host: Host) {
        self.host = host
        guesses = GuessGuard(host)
    }

    enum Outcome {
        case user(User)
        case wrong
        case wait(Timestamp.Span)
    }

    /// Checks a password. Every try takes the same time, whether or not there is such an account.
    func check(email: String, password: Secret, from address: IPAddress) throws -> Outcome {
        let user = try host.database.read { tx in try UsersTable.find(email: email, in: tx) }
        let verdict = try guesses.attempt(.password, account: email, user: user?.id, from: address) {
            try host.passwords.matches(password, user?.passwordHash)
        }
        switch verdict {
        case .wait(let span): return .wait(span)
        case .wrong: return .wrong
        case .right:
            guard let user else { return .wrong }
            try renew(password, of: user)
            return .user(user)
        }
    }

    /// Stores the password anew where hashes have become dearer since.
    private func renew(_ password: Secret, of user: User) throws {
        guard try PasswordHash(stored: user.passwordHash).needsRenewal() else { return }
        let fresh = try host.passwords.hash(password)
        try host.database.write { tx in
            try UsersTable.renew(fresh, inPlaceOf: user.passwordHash, of: user.id, in: tx)
        }
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

/// The second step.
extension SignIn {
    func needsCode(_ user: User) throws -> Bool {
        try host.database.read { tx in try SecondFactorsTable.isOn(of: user.id, in: tx) }
    }

    /// The cookie of somebody who is to give the code within five minutes, in this browser.
    func beginHalf(_ user: User, _ request: Request, _ context: Context) throws -> SetCookie {
        let now = host.clock.now()
        let token = Token.make()
        let visitor = Self.visitor(request)
        try host.database.write { tx in
            try HalfSignInsTable.add(
                tokenHash: token.hash, visitorHash: visitor, user: user.id, at: now, in: tx)
        }
        return Self.halfCookie(token.reveal(), maxAge: Int(HalfSignInsTable.life.milliseconds / 1000), context)
    }

    /// Who is half signed in; nil when that has ended.
    func half(_ request: Request) throws -> User? {
        guard let hash = Self.halfHash(request) else { return nil }
        let now = host.clock.now()
        let visitor = Self.visitor(request)
        return try host.database.read { tx in
            let id = try HalfSignInsTable.find(tokenHash: hash, visitorHash: visitor, now: now, in: tx)
            return try id.flatMap { try UsersTable.find($0, in: tx) }
        }
    }

    /// Takes a code of the app or one on paper; what was half ends with a right one.
    func finish(_ typed: String, _ user: User, _ request: Request, _ context: Context) throws -> Outcome {
        guard let hash = Self.halfHash(request) else { return .wrong }
        let verdict = try guesses.attempt(.code, account: user.email, user: user.id, from: context.clientAddress) {
            try SecondFactorDesk(host).check(typed, of: user) != .wrong
        }
        switch verdict {
        case .wait(let span): return .wait(span)
        case .wrong:
            try host.database.write { tx in try HalfSignInsTable.wrong(tokenHash: hash, in: tx) }
            return .wrong
        case .right:
            // Of two that come with two codes at once only one goes on.
            let isFirst = try host.database.write { tx in try HalfSignInsTable.end(tokenHash: hash, in: tx) }
            return isFirst ? .user(user) : .wrong
        }
    }

    static func forgetHalf(_ context: Context) -> SetCookie { halfCookie("", maxAge: 0, context) }

    private static func halfHash(_ request: Request) -> String? {
        guard let token = request.cookies[halfCookie], Token.isWellFormed(token) else { return nil }
        return Token.hash(of: token)
    }

    private static func visitor(_ request: Request) -> String {
        Token.hash(of: request.cookies[FormGuard.cookie] ?? "")
    }

    private static func halfCookie(_ value: String, maxAge: Int, _ context: Context) -> SetCookie {
        var cookie = SetCookie(halfCookie, value, maxAge: maxAge, secure: context.isSecure)
        cookie.path = "/admin/login"
        return cookie
    }
}
