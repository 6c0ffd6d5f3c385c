import App
import Core
import Database
import HTTP
import SQL
import Store
import TestSupport
import Testing

/// How guesses are slowed down, and that their aim is not locked out.
struct GuessingTests {
    private let house: TestHost
    private let owner: TestPerson

    init() throws {
        house = try TestHost()
        owner = try house.signIn(.owner)
    }

    private func guess(from address: String, _ email: String? = nil) throws -> Int {
        try Visitor(house, from: address).signIn(email ?? owner.email, "not that one").status
    }

    @Test func `one address has ten tries at an account, another address its own`() throws {
        for _ in 1...10 { #expect(try guess(from: "198.51.100.1") == 422) }
        #expect(try guess(from: "198.51.100.1") == 429)
        #expect(try Visitor(house, from: "198.51.100.2").signIn(owner.email).location == "/admin")
    }

    @Test func `one address has thirty tries at all accounts, and an account of its own does not pay for more`() throws
    {
        let guest = try house.signIn(.viewer, email: "guest@shop.example")
        for number in 1...29 { #expect(try guess(from: "198.51.100.1", "person\(number)@example.com") == 422) }
        #expect(try Visitor(house, from: "198.51.100.1").signIn(guest.email).location == "/admin")
        #expect(try guess(from: "198.51.100.1", "person30@example.com") == 422)
        #expect(try guess(from: "198.51.100.1", "person31@example.com") == 429)
    }

    @Test func `guesses from everywhere wait a little longer each, and the owner comes in where they are known`() throws
    {
        for number in 1...51 { #expect(try guess(from: "198.51.100.\(number)") == 422) }
        // The fifty-first is followed by a second's wait, the next by two.
        #expect(try guess(from: "192.0.2.1") == 429)
        #expect(try Visitor(house, from: "203.0.113.7").signIn(owner.email).location == "/admin", "signed in there")
    }

    @Test func `a wait across addresses is over soon`() throws {
        for number in 1...60 {
            _ = try guess(from: "198.51.100.\(number)")
            house.clock.advance(by: .seconds(1))
        }
        house.clock.advance(by: .minutes(1))
        #expect(try Visitor(house, from: "192.0.2.9").signIn(owner.email).location == "/admin")
    }

    @Test func `an account is guarded whichever way its address is written`() throws {
        // Control characters around an address do not make another account of it.
        let spellings = ["\u{1}", "\u{2}", "\u{3}", "\u{4}", "\u{5}", "\u{6}", "\u{7}", "\u{8}", "\u{E}", "\u{F}"]
        for mark in spellings { #expect(try guess(from: "198.51.100.1", mark + owner.email) == 422) }
        #expect(try guess(from: "198.51.100.1", owner.email.uppercased()) == 429)
    }

    @Test func `when too many passwords are checked already the page says so, and the try does not count`() throws {
        let turnstile = house.host.passwords.turnstile
        let gate = Monitor(false)
        // Two are in, and all places of those who wait are taken.
        let busy = try Concurrently(34) { _ in try turnstile.pass { gate.wait { $0 ? () : nil } } }
        while turnstile.waiting < 32 {}
        for _ in 1...12 {
            let answer = try Visitor(house).signIn(owner.email)
            #expect(answer.status == 503)
            #expect(answer.headers["Retry-After"] == "5")
            #expect(answer.headers["Content-Type"] == "text/html; charset=utf-8")
        }
        gate.withLock { $0 = true }
        gate.wakeAll()
        try busy.finish()
        #expect(try Visitor(house).signIn(owner.email).location == "/admin")
    }

    @Test func `a password that is hashed anew ends no session`() throws {
        // The test's hash is cheaper than today's: the first sign-in renews it.
        let before = try house.host.database.read { tx in try UsersTable.find(owner.id, in: tx)?.passwordHash }
        #expect(try Visitor(house).signIn(owner.email).location == "/admin")
        let after = try house.host.database.read { tx in try UsersTable.find(owner.id, in: tx)?.passwordHash }
        #expect(before != after)
        #expect(try house.get("/admin", as: .person(owner)).status == 200)
    }
}
