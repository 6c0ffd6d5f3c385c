import App
import Core
import Crypto
import Database
import PluginKit
import SQL
import Store
import Testing

/// `cartwright user`, `token` and `plugin`, on a folder without a server.
@Suite struct `The commands for people, keys and plugins` {
    let bench: CommandBench

    init() throws { bench = try CommandBench() }

    @discardableResult private func add(_ email: String, _ role: String, password: String = "a long password")
        -> CommandBench.Run
    {
        bench("user", "add", "--email", email, "--role", role, "--password-stdin", input: password + "\n")
    }

    private func find(_ email: String) throws -> User? {
        let foundation = try bench.open()
        defer { foundation.database.close() }
        return try foundation.database.read { tx in try UsersTable.find(email: email, in: tx) }
    }

    @Test func `adds a person who can sign in with the password that was given`() throws {
        #expect(add("ana@example.com", "manager").status == 0)
        #expect(
            bench("user", "list").lines == [
                "email\trole\tname\tcreated_at\tlast_seen_at\tsecond_factor",
                "ana@example.com\tmanager\t\t2026-11-20T10:28:18.000Z\t\toff",
            ])
        let user = try #require(try find("ana@example.com"))
        #expect(try PasswordHash(stored: user.passwordHash).matches(Secret("a long password")))
    }

    @Test func `refuses a second person of one address and a short password`() {
        #expect(add("ana@example.com", "owner").status == 0)
        let again = add("ANA@example.com", "viewer")
        #expect(again.status == 1)
        #expect(again.errors.contains("there is a person with the address ANA@example.com already"))
        #expect(add("bo@example.com", "viewer", password: "short").status == 1)
        #expect(bench("user", "list").lines.count == 2)
    }

    @Test func `keeps the last owner`() {
        #expect(add("ana@example.com", "owner").status == 0)
        #expect(add("bo@example.com", "manager").status == 0)
        let refused = bench("user", "remove", "ana@example.com")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("the last owner cannot be removed"))
        #expect(add("cleo@example.com", "owner").status == 0)
        #expect(bench("user", "remove", "ana@example.com").status == 0)
        #expect(bench("user", "remove", "bo@example.com").status == 0)
        #expect(bench("user", "list").lines.dropFirst().map { $0.prefix { $0 != "\t" } } == ["cleo@example.com"])
        #expect(bench("user", "remove", "nobody@example.com").status == 1)
    }

    @Test func `ends a person's sessions with their password`() throws {
        #expect(add("ana@example.com", "owner").status == 0)
        let user = try #require(try find("ana@example.com"))
        let foundation = try bench.open()
        let now = CommandBench.now
        let session = Session(
            id: ID.make(at: now), userID: user.id, csrfSecret: [1], createdAt: now, lastSeenAt: now, confirmedAt: now,
            expiresAt: now + .days(1), address: "192.0.2.1", agent: "")
        try foundation.database.write { tx in try SessionsTable.add(session, tokenHash: "hash", in: tx) }
        foundation.database.close()

        let run = bench("user", "password", "ana@example.com", "--password-stdin", input: "another password\n")
        #expect(run.status == 0)
        let after = try bench.open()
        defer { after.database.close() }
        let sessions = try after.database.read { tx in try SessionsTable.all(of: user.id, now: now, in: tx) }
        #expect(sessions.isEmpty)
        let changed = try #require(try find("ana@example.com"))
        #expect(try PasswordHash(stored: changed.passwordHash).matches(Secret("another password")))
    }

    @Test func `lets in by the password alone whoever lost app and recovery codes`() throws {
        #expect(add("ana@example.com", "owner").status == 0)
        let user = try #require(try find("ana@example.com"))
        let foundation = try bench.open()
        try foundation.database.write { tx in
            let code = OneTimeCode.make()
            _ = try SecondFactorsTable.prepare(
                code, of: user.id, sealer: foundation.keyring.sealer, at: CommandBench.now, in: tx)
            _ = try SecondFactorsTable.turnOn(of: user.id, at: CommandBench.now, in: tx)
        }
        foundation.database.close()
        #expect(bench("user", "list").lines.last?.hasSuffix("\ton") == true)
        #expect(bench("user", "second-factor-off", "ana@example.com").status == 0)
        #expect(bench("user", "list").lines.last?.hasSuffix("\toff") == true)
        let again = bench("user", "second-factor-off", "ana@example.com")
        #expect(again.status == 1)
        #expect(again.errors.contains("ana@example.com has no second factor"))
    }

    @Test func `makes a key, shows it once, and ends it`() throws {
        let made = bench("token", "create", "--name", "shop", "--scope", "write")
        #expect(made.status == 0)
        let clear = try #require(made.lines.first)
        #expect(made.lines.count == 1 && Token.isWellFormed(clear, prefix: "cw_"))
        let list = bench("token", "list")
        #expect(!list.output.contains(clear))
        let row = try #require(list.lines.last).split(separator: "\t", omittingEmptySubsequences: false)
        #expect(row[1...3] == ["shop", "write", clear.prefix(8)])
        #expect(try token(clear)?.scope == .write)
        #expect(bench("token", "revoke", String(row[0])).status == 0)
        #expect(try token(clear) == nil)
        #expect(bench("token", "revoke", String(row[0])).status == 1)
        #expect(bench("token", "revoke", "seven").status == 1)
    }

    private func token(_ clear: String) throws -> APIToken? {
        let foundation = try bench.open()
        defer { foundation.database.close() }
        return try foundation.database.read { tx in try TokensTable.find(hash: Token.hash(of: clear), in: tx) }
    }

    @Test func `gives a key that may only read unless told otherwise`() throws {
        let clear = try #require(bench("token", "create", "--name", "till").lines.first)
        #expect(try token(clear)?.scope == .read)
    }

    @Test func `takes a plugin out of work and back`() {
        #expect(bench("plugin", "list").lines.last?.hasSuffix("\tactive") == true)
        #expect(bench("plugin", "deactivate", "meta").status == 0)
        #expect(bench("plugin", "list").lines.last?.hasSuffix("\tinactive") == true)
        #expect(bench("plugin", "activate", "meta").status == 0)
        #expect(bench("plugin", "list").lines.last?.hasSuffix("\tactive") == true)
        let unknown = bench("plugin", "activate", "fax")
        #expect(unknown.status == 1)
        #expect(unknown.errors == "cartwright: there is no plugin fax; there are: meta\n")
    }
}
