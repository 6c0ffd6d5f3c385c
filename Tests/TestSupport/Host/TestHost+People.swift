import Messaging
import App
package import Core
import Crypto
import Database
package import Domain
import SQL
package import Store

/// Somebody who is signed in to a test's house.
package struct TestPerson: Sendable {
    package let id: ID
    package let email: String
    /// The session's token, as the cookie carries it.
    package let cookie: String
    package let csrf: String
}

extension TestHost {
    package static let password = "correct horse battery staple"

    /// Adds a person of this role with `password`, and signs them in.
    package func signIn(_ role: Role = .owner, email: String? = nil) throws -> TestPerson {
        let now = clock.now()
        let email = email ?? "\(role.rawValue)@shop.example"
        let token = Token.make()
        let secret = RandomBytes.make(32)
        let hash = try PasswordHash.make(Secret(Self.password), cost: .test)
        let user = User(
            id: ID.make(at: now), email: email, name: "", role: role, passwordHash: hash.text, createdAt: now)
        let session = Session(
            id: ID.make(at: now), userID: user.id, csrfSecret: secret, createdAt: now, lastSeenAt: now,
            confirmedAt: now, expiresAt: now + .days(14), address: "203.0.113.7", agent: "Test")
        try host.database.write { tx in
            guard try UsersTable.add(user, in: tx) else { throw AddressTaken(email: email) }
            try SessionsTable.add(session, tokenHash: token.hash, in: tx)
        }
        return TestPerson(id: user.id, email: email, cookie: token.reveal(), csrf: secret.base64URL)
    }

    /// A signed-in person as a caller.
    package func person(_ role: Role = .owner) throws -> TestCaller { .person(try signIn(role)) }

    /// An API key of this scope.
    package func key(_ scope: Scope = .admin, name: String = "test") throws -> TestCaller {
        let now = clock.now()
        let token = Token.make(prefix: "cw_")
        let entry = APIToken(
            id: ID.make(at: now), name: name, scope: scope, prefix: String(token.reveal().prefix(8)), createdAt: now)
        let hash = token.hash
        try host.database.write { tx in try TokensTable.add(entry, hash: hash, in: tx) }
        return .key(token.reveal())
    }

    /// A contact who has granted these purposes.
    @discardableResult
    package func contact(
        _ phone: String = "+12025550101", name: String = "Ana", grants: [Purpose] = []
    ) throws -> Contact {
        let now = clock.now()
        let contact = try host.database.write { tx in
            try ContactsTable.reach(
                PersonKey(phone: phone), details: ContactDetails(phoneRaw: phone, firstName: name),
                weight: .replaces, at: now, in: tx)
        }
        let said = grants.map { ConsentStatement(purpose: $0, action: .grant, at: now, source: "checkout") }
        if !said.isEmpty { _ = try host.consents.record(said, by: contact.id) }
        return contact
    }

    private struct AddressTaken: Error, CustomStringConvertible {
        let email: String
        var description: String { "\(email) is signed in already: give this one an address of their own" }
    }
}
