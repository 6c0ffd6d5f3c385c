import Core
import Crypto
import Database
import SQL
import Store

/// Second factors: prepared, turned on with the first right code, asked at the sign-in, turned off.
struct SecondFactorDesk: Sendable {
    static let recoveryCodes = 10

    /// What somebody typed where a code was asked for.
    enum Finding {
        case code
        /// One of the codes on paper, which is used up now.
        case recovery
        case wrong
    }

    private let host: Host

    init(_ host: Host) { self.host = host }

    func find(of user: ID) throws -> SecondFactorsTable.SecondFactor? {
        try host.database.read { [sealer = host.sealer] tx in
            try SecondFactorsTable.find(of: user, sealer: sealer, in: tx)
        }
    }

    /// Puts a fresh secret in place; nothing happens where one is on.
    func prepare(of user: ID) throws {
        let (code, now, sealer) = (OneTimeCode.make(), host.clock.now(), host.sealer)
        _ = try host.database.write { tx in
            try SecondFactorsTable.prepare(code, of: user, sealer: sealer, at: now, in: tx)
        }
    }

    /// Looks at a code of the app, or else one on paper; what is right is used up with that.
    func check(_ typed: String, of user: User) throws -> Finding {
        let now = host.clock.now()
        if let factor = try find(of: user.id), factor.turnedOnAt != nil,
            let step = factor.code.step(of: Self.digits(typed), at: now, after: factor.lastStep)
        {
            let isFirst = try host.database.write { tx in
                try SecondFactorsTable.take(step: step, of: user.id, in: tx)
            }
            return isFirst ? .code : .wrong
        }
        guard let code = RecoveryCode(typed: typed) else { return .wrong }
        let isGood = try host.database.write { tx in
            guard try RecoveryCodesTable.use(hash: code.hash, of: user.id, at: now, in: tx) else { return false }
            try Self.note("user.recovery_code_used", user.id, user.email, by: user.email, at: now, in: tx)
            return true
        }
        return isGood ? .recovery : .wrong
    }

    /// Turns the prepared secret on if the code is its own; the codes for the paper, or nil for a wrong code.
    func turnOn(_ typed: String, _ person: SignedIn) throws -> [RecoveryCode]? {
        let now = host.clock.now()
        guard let factor = try find(of: person.id), factor.turnedOnAt == nil,
            let step = factor.code.step(of: Self.digits(typed), at: now, after: factor.lastStep)
        else { return nil }
        let codes = (0..<Self.recoveryCodes).map { _ in RecoveryCode.make() }
        let isOn = try host.database.write { tx in
            guard try SecondFactorsTable.take(step: step, of: person.id, in: tx),
                try SecondFactorsTable.turnOn(of: person.id, at: now, in: tx)
            else { return false }
            try RecoveryCodesTable.replace(hashes: codes.map(\.hash), of: person.id, in: tx)
            try Self.note("user.second_factor_on", person.id, person.email, by: person.email, at: now, in: tx)
            return true
        }
        return isOn ? codes : nil
    }

    /// New codes in place of the former; nil where no second factor is on.
    func renewCodes(_ person: SignedIn) throws -> [RecoveryCode]? {
        let now = host.clock.now()
        let codes = (0..<Self.recoveryCodes).map { _ in RecoveryCode.make() }
        let isDone = try host.database.write { tx in
            guard try SecondFactorsTable.isOn(of: person.id, in: tx) else { return false }
            try RecoveryCodesTable.replace(hashes: codes.map(\.hash), of: person.id, in: tx)
            try Self.note("user.recovery_codes_made", person.id, person.email, by: person.email, at: now, in: tx)
            return true
        }
        return isDone ? codes : nil
    }

    /// - Parameter actor: the person, an owner who helps, or the command line.
    static func turnOff(
        of user: ID, email: String, by actor: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        guard try SecondFactorsTable.remove(of: user, in: tx) else { return }
        try note("user.second_factor_off", user, email, by: actor, at: now, in: tx)
    }

    /// Apps show codes in two groups, and people type them so.
    private static func digits(_ typed: String) -> String { typed.filter { $0 != " " && $0 != "-" } }

    private static func note(
        _ action: String, _ user: ID, _ email: String, by actor: String, at now: Timestamp,
        in tx: any WriteTransaction
    ) throws {
        try AuditTable.add(
            AuditEntry(
                id: ID.make(at: now), at: now, actor: actor, action: action, subject: "user:\(user)",
                data: ["email": email]),
            in: tx)
    }
}
