import Core
import Database
import HTTP
import SQL
import Store

/// Slows down whoever guesses passwords and codes, without locking out the person whose they are.
///
/// From one address an account has few tries, and one address few for all accounts together. Over all addresses an
/// account has many more, and then each further try waits a little longer; where the person is signed in already
/// that does not count.
struct GuessGuard: Sendable {
    enum Kind: String {
        case password = "login"
        case code
    }

    enum Verdict: Equatable {
        case right
        case wrong
        /// Nothing was looked at.
        case wait(Timestamp.Span)
    }

    private static let perPair = ThrottlesTable.Rule(limit: 10, window: .minutes(15))
    private static let perAddress = ThrottlesTable.Rule(limit: 30, window: .minutes(15))

    /// A code has a million values, a password should have more: codes wait longer.
    private static func perAccount(_ kind: Kind) -> ThrottlesTable.Growing {
        switch kind {
        case .password: .init(free: 50, first: .seconds(1), longest: .minutes(1), memory: .days(1))
        case .code: .init(free: 10, first: .seconds(1), longest: .minutes(15), memory: .days(1))
        }
    }

    private let database: Database
    private let clock: any Clock

    init(_ host: Host) {
        database = host.database
        clock = host.clock
    }

    /// Asks `isRight` if the guess may be looked at, and counts it if it was wrong.
    ///
    /// - Parameters:
    ///   - account: the e-mail address, whether or not there is such an account.
    ///   - user: whose account that is.
    func attempt(
        _ kind: Kind, account: String, user: ID?, from address: IPAddress, _ isRight: () throws -> Bool
    ) throws -> Verdict {
        let now = clock.now()
        let whom = EmailKey.make(account)
        let (pair, from) = ("\(kind.rawValue):pair:\(address):\(whom)", "\(kind.rawValue):address:\(address)")
        let all = "\(kind.rawValue):account:\(whom)"
        let wait = try database.write { tx -> Timestamp.Span? in
            var waits = [
                try ThrottlesTable.take(pair, by: Self.perPair, now: now, in: tx),
                try ThrottlesTable.take(from, by: Self.perAddress, now: now, in: tx),
            ]
            let isAtHome = try user.map {
                try SessionsTable.isKnown(address: address.description, of: $0, now: now, in: tx)
            }
            if isAtHome != true, waits.allSatisfy({ $0 == .pass }) {
                waits.append(try ThrottlesTable.take(all, by: Self.perAccount(kind), now: now, in: tx))
            }
            return waits.compactMap { if case .wait(let span) = $0 { span } else { nil } }.max()
        }
        if let wait { return .wait(wait) }
        do {
            guard try isRight() else { return .wrong }
        } catch {
            // It was not looked at to the end.
            try database.write { tx in for key in [pair, from, all] { try ThrottlesTable.giveBack(key, in: tx) } }
            throw error
        }
        try database.write { tx in
            try ThrottlesTable.clear(pair, in: tx)
            try ThrottlesTable.clear(all, in: tx)
            // What else came from there stays counted: an account of one's own must not pay for guesses at others.
            try ThrottlesTable.giveBack(from, in: tx)
        }
        return .right
    }
}
