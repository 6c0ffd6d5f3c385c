import Core
import Crypto
import Database
import SQL
import Store

/// `cartwright user …`: the people who sign in.
enum UserCommands {
    static let all = [add, list, remove, password, secondFactorOff]

    private static let email = Flag("email", "EMAIL", "the address that the person signs in with")
    private static let role = Flag("role", "ROLE", "owner, manager or viewer")
    private static let passwordInput = Flag("password-stdin", "takes the password from standard input")

    private static let add = Command(
        "user add", "Adds a person", flags: [email, role, passwordInput, .keyFile], begins: true
    ) { call in
        let email = try call.require(email)
        let role: Role = try call.choice(role, call.require(role))
        guard AccountRules.problem(email: email) == nil else { throw call.wrong("\(email) is not an e-mail address") }
        let hash = try PasswordHash.make(try newPassword(call)).text
        let now = call.clock.now()
        let user = User(id: ID.make(at: now), email: email, name: "", role: role, passwordHash: hash, createdAt: now)
        try call.changing { foundation in
            let isNew = try foundation.database.write { tx in
                guard try UsersTable.add(user, in: tx) else { return false }
                try note("user.added", user, at: now, in: tx)
                return true
            }
            guard isNew else { throw CommandFailure("there is a person with the address \(email) already") }
        }
    }

    private static let list = Command("user list", "Lists the people", flags: [.json, .keyFile]) { call in
        let (users, guarded) = try call.withFoundation { foundation in
            try foundation.database.read { tx in
                (try UsersTable.all(in: tx), try SecondFactorsTable.users(in: tx))
            }
        }
        try call.print(
            Listing(
                columns: ["email", "role", "name", "created_at", "last_seen_at", "second_factor"],
                rows: users.map {
                    [
                        $0.email, $0.role.rawValue, $0.name, $0.createdAt.rfc3339, $0.lastSeenAt?.rfc3339,
                        guarded.contains($0.id) ? "on" : "off",
                    ]
                }))
    }

    private static let remove = Command(
        "user remove", "Removes a person; the last owner stays", operands: [.init(name: "EMAIL")], flags: [.keyFile]
    ) { call in
        let now = call.clock.now()
        try call.changing { foundation in
            let wasLastOwner = try foundation.database.write { tx in
                let user = try find(call.operands[0], in: tx)
                if try UsersTable.isLastOwner(user, in: tx) { return true }
                _ = try UsersTable.remove(user.id, in: tx)
                try note("user.removed", user, at: now, in: tx)
                return false
            }
            if wasLastOwner { throw CommandFailure("the last owner cannot be removed: add another one first") }
        }
    }

    private static let password = Command(
        "user password", "Gives a person another password and ends their sessions",
        operands: [.init(name: "EMAIL")], flags: [passwordInput, .keyFile]
    ) { call in
        let hash = try PasswordHash.make(try newPassword(call)).text
        let now = call.clock.now()
        try call.changing { foundation in
            try foundation.database.write { tx in
                let user = try find(call.operands[0], in: tx)
                try UsersTable.setPassword(hash, of: user.id, in: tx)
                try note("user.password_changed", user, at: now, in: tx)
            }
        }
    }

    private static let secondFactorOff = Command(
        "user second-factor-off", "Lets a person in by the password alone, whose app and recovery codes are gone",
        operands: [.init(name: "EMAIL")], flags: [.keyFile]
    ) { call in
        let now = call.clock.now()
        try call.changing { foundation in
            let wasOn = try foundation.database.write { tx in
                let user = try find(call.operands[0], in: tx)
                guard try SecondFactorsTable.isOn(of: user.id, in: tx) else { return false }
                try SecondFactorDesk.turnOff(
                    of: user.id, email: user.email, by: CommandActor.name, at: now, in: tx)
                return true
            }
            if !wasOn { throw CommandFailure("\(call.operands[0]) has no second factor") }
        }
    }

    private static func newPassword(_ call: Invocation) throws -> Secret {
        guard call.has(passwordInput) else { throw call.wrong("\(call.command.name) wants --\(passwordInput.name)") }
        let password = try call.input()
        guard AccountRules.problem(password: password) == nil else {
            throw CommandFailure(
                "a password has \(AccountRules.leastPassword) to \(AccountRules.mostPassword) characters")
        }
        return Secret(password)
    }

    private static func find(_ email: String, in tx: any ReadTransaction) throws -> User {
        guard let user = try UsersTable.find(email: email, in: tx) else {
            throw CommandFailure("there is nobody with the address \(email)")
        }
        return user
    }

    private static func note(
        _ action: String, _ user: User, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try AuditTable.add(
            AuditEntry(
                id: ID.make(at: now), at: now, actor: CommandActor.name, action: action, subject: "user:\(user.id)",
                data: ["email": user.email, "role": user.role.rawValue]),
            in: tx)
    }
}
