import App
import Core
import Database
import HTTP
import SQL
import Store
import TestSupport
import Testing

/// How passwords are guarded at the door, and what an idle house leaves alone.
struct SignInTests {
    /// Tries a password as a stranger does: from the sign-in page, with its cookie and word.
    private func attempt(_ email: String, _ house: TestHost, from address: String) throws -> Int {
        let page = try house.send(.get, "/admin/login", from: address)
        let cookie = try #require(
            page.headers.all("Set-Cookie").first { $0.hasPrefix("cartwright_visitor=") }?.prefix { $0 != ";" })
        let field = try #require(page.text.firstRange(of: "name=\"csrf\" value=\""))
        let csrf = String(page.text[field.upperBound...].prefix { $0 != "\"" })
        return try house.send(
            .post, "/admin/login", .form([("email", email), ("password", "wrong password"), ("csrf", csrf)]),
            headers: ["Cookie": String(cookie)], from: address
        ).status
    }

    @Test func `an account is guarded whichever way its address is written`() throws {
        let house = try TestHost()
        let owner = try house.signIn(.owner)
        // Control characters around an address do not make another account of it.
        let spellings = ["\u{1}", "\u{2}", "\u{3}", "\u{4}", "\u{5}", "\u{6}", "\u{7}", "\u{8}", "\u{E}", "\u{F}"]
        for (number, mark) in spellings.enumerated() {
            #expect(try attempt(mark + owner.email, house, from: "198.51.100.\(number + 1)") == 422)
        }
        #expect(try attempt(owner.email.uppercased(), house, from: "198.51.100.99") == 429)
    }

    @Test func `with nothing to seal nothing is written`() throws {
        let house = try TestHost()
        #expect(try house.turns.sealConsents() == nil)
        let leases = try house.host.database.read { tx in
            try tx.rows("SELECT name FROM leases WHERE name = 'consent.sealer'").count
        }
        #expect(leases == 0)
    }
}
