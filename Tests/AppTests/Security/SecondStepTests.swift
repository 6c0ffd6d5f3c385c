import App
import Core
import Crypto
import Database
import HTTP
import SQL
import Store
import TestSupport
import Testing

/// The second factor: set up, asked at the sign-in, and its codes on paper.
struct SecondStepTests {
    private let house: TestHost
    private let owner: TestPerson

    init() throws {
        house = try TestHost()
        owner = try house.signIn(.owner)
    }

    private func code(_ person: TestPerson, later steps: Int64 = 0) throws -> String {
        let host = house.host
        let factor = try host.database.read { tx in
            try SecondFactorsTable.find(of: person.id, sealer: host.sealer, in: tx)
        }
        return try #require(factor).code.code(ofStep: OneTimeCode.step(at: house.clock.now()) + steps)
    }

    /// Sets the second factor up as a person does; the recovery codes that the page showed.
    private func setUp(_ visitor: Visitor) throws -> [String] {
        try visitor.signIn(owner.email)
        try visitor.get("/admin/account/second-factor")
        try visitor.post("/admin/account/second-factor/begin")
        let prepared = try visitor.follow()
        #expect(prepared.text.contains("<svg"))
        let wrong = try visitor.post("/admin/account/second-factor/on", [("code", "000000x")])
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("<svg"), "the picture stays")
        try visitor.post("/admin/account/second-factor/on", [("code", code(owner))])
        let shown = try visitor.follow().text
        return shown.matches(of: /<li>((?:[a-z2-7]{4}-){3}[a-z2-7]{4})<\/li>/).map { String($0.1) }
    }

    @Test func `recovery codes are shown once, and the secret no more once it is on`() throws {
        let visitor = Visitor(house)
        let codes = try setUp(visitor)
        #expect(Set(codes).count == 10)
        let again = try visitor.get("/admin/account/second-factor").text
        #expect(codes.allSatisfy { !again.contains($0) })
        #expect(!again.contains("<svg viewBox=\"0 0 6") && !again.contains("id=\"secret\""))
        #expect(again.contains("10 recovery codes are left."))
    }

    @Test func `signing in asks for the code, and takes each code once`() throws {
        _ = try setUp(Visitor(house))
        house.clock.advance(by: .minutes(2))
        let visitor = Visitor(house)
        #expect(try visitor.signIn(owner.email).location == "/admin/login/code?next=%2Fadmin")
        // The password alone opens nothing.
        #expect(try visitor.get("/admin").location?.hasPrefix("/admin/login") == true)
        let page = try visitor.get("/admin/login/code?next=%2Fadmin%2Forders")
        #expect(page.status == 200)
        #expect(page.text.contains("autocomplete=\"one-time-code\""))
        let right = try code(owner)
        #expect(try visitor.post("/admin/login/code", [("code", "")]).status == 422)
        #expect(try visitor.post("/admin/login/code", [("code", "abc")]).status == 422)
        #expect(
            try visitor.post("/admin/login/code", [("code", right), ("next", "/admin/orders")]).location
                == "/admin/orders")
        #expect(visitor.cookies["cartwright_half"] == nil)
        #expect(try visitor.follow().status == 200)

        let second = Visitor(house)
        try second.signIn(owner.email)
        try second.follow()
        #expect(try second.post("/admin/login/code", [("code", right)]).status == 422, "it was used")
        #expect(try second.post("/admin/login/code", [("code", code(owner, later: 1))]).status == 303)
        #expect(try second.get("/admin").status == 200)
    }

    @Test func `a recovery code stands in for the app, once`() throws {
        let codes = try setUp(Visitor(house))
        let code = try #require(codes.first)
        let visitor = Visitor(house)
        try visitor.signIn(owner.email)
        try visitor.follow()
        #expect(try visitor.post("/admin/login/code", [("code", code.uppercased())]).status == 303)
        #expect(try visitor.get("/admin").status == 200)
        let second = Visitor(house)
        try second.signIn(owner.email)
        try second.follow()
        #expect(try second.post("/admin/login/code", [("code", code)]).status == 422)
        #expect(try visitor.get("/admin/account/second-factor").text.contains("9 recovery codes are left."))
        let shown = try visitor.get("/admin/audit").text
        #expect(shown.contains("Signed in with a recovery code"))
    }

    @Test func `the second step is bound to the browser, to five minutes and to five tries`() throws {
        _ = try setUp(Visitor(house))
        house.clock.advance(by: .minutes(2))
        let visitor = Visitor(house)
        try visitor.signIn(owner.email)
        try visitor.follow()
        visitor.forget("cartwright_visitor")
        #expect(try visitor.get("/admin/login/code").location?.hasPrefix("/admin/login?") == true)

        let slow = Visitor(house)
        try slow.signIn(owner.email)
        try slow.follow()
        house.clock.advance(by: .minutes(5))
        #expect(
            try slow.post("/admin/login/code", [("code", code(owner))]).location?.hasPrefix("/admin/login?") == true)
        #expect(try slow.follow().text.contains("Please sign in again."))

        let guesser = Visitor(house)
        try guesser.signIn(owner.email)
        try guesser.follow()
        for _ in 1...4 { #expect(try guesser.post("/admin/login/code", [("code", "111111")]).status == 422) }
        #expect(try guesser.post("/admin/login/code", [("code", "111111")]).status == 303)
        try guesser.get("/admin/login")
        #expect(
            try guesser.post("/admin/login/code", [("code", code(owner))]).location?.hasPrefix("/admin/login?") == true)
        #expect(try guesser.get("/admin").status == 303)
    }

    @Test func `guesses at codes wait, whoever has the password`() throws {
        _ = try setUp(Visitor(house, from: "203.0.113.7"))
        var statuses: [Int] = []
        for _ in 1...3 {
            let guesser = Visitor(house, from: "198.51.100.4")
            try guesser.signIn(owner.email)
            try guesser.follow()
            for _ in 1...4 { statuses.append(try guesser.post("/admin/login/code", [("code", "222222")]).status) }
        }
        #expect(statuses.prefix(10).allSatisfy { $0 == 422 })
        #expect(statuses.suffix(2) == [429, 429])
    }

    @Test func `an owner turns another's second factor off, and everybody their own`() throws {
        _ = try setUp(Visitor(house))
        let other = try house.signIn(.owner, email: "other@shop.example")
        let page = "/admin/users/\(owner.id)"
        #expect(try house.get(page, as: .person(other)).text.contains("second-factor-off"))
        #expect(try house.post(page + "/second-factor-off", form: [], as: .person(other)).status == 303)
        #expect(try Visitor(house).signIn(owner.email).location == "/admin")
        let visitor = Visitor(house)
        _ = try setUp(visitor)
        try visitor.get("/admin/account/second-factor")
        #expect(try visitor.post("/admin/account/second-factor/off").location == "/admin/account")
        #expect(try Visitor(house).signIn(owner.email).location == "/admin")
    }

    @Test func `secret and codes are nowhere in the clear in the data folder`() throws {
        let visitor = Visitor(house)
        let codes = try setUp(visitor)
        let host = house.host
        let factor = try host.database.read { tx in
            try SecondFactorsTable.find(of: owner.id, sealer: host.sealer, in: tx)
        }
        let secret = try #require(factor).code
        let needles =
            codes.map { Array($0.replacing("-", with: "").utf8) } + codes.map { Array($0.utf8) } + [
                secret.reveal(), Array(secret.groups.joined().utf8),
            ]
        for file in try house.dataFiles() {
            for needle in needles { #expect(!file.bytes.contains(needle), "\(file.name)") }
        }
    }
}
