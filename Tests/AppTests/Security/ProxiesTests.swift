import SQL
import Database
import Core
import App
import HTTP
import TestSupport
import Testing

/// Whose word about a client is believed, and what follows from TLS.
@Suite struct `Behind a proxy` {
    private let house: TestHost

    init() throws {
        house = try TestHost(options: { $0.trustedProxies = ["10.0.0.0/8", "2001:db8:aa::/48"] })
    }

    /// The address that failed sign-ins are counted by.
    private func client(_ headers: Headers, from peer: String) throws -> String {
        let house = self.house
        let owner = try house.signIn(
            .owner, email: "owner\(peer.filter(\.isHexDigit))\(headers.fields.count)@shop.example")
        let page = try house.send(.get, "/admin/login", headers: headers, from: peer)
        let cookie = try #require(page.headers["Set-Cookie"]?.split(separator: ";").first)
        let csrf = try #require(page.text.firstMatch(of: /name="csrf" value="([^"]+)"/)?.1)
        var sent = headers
        sent["Cookie"] = String(cookie)
        let form = [("email", owner.email), ("password", TestHost.password), ("csrf", String(csrf))].map {
            (name: $0.0, value: $0.1)
        }
        let answer = try house.send(.post, "/admin/login", .form(form), headers: sent, from: peer)
        #expect(answer.status == 303)
        return try house.host.database.read { tx in
            try tx.first("SELECT address FROM sessions ORDER BY id DESC LIMIT 1")?.text(0) ?? ""
        }
    }

    @Test(arguments: [
        ("10.0.0.1", ["X-Forwarded-For": "198.51.100.7"], "198.51.100.7"),
        // What the client wrote itself stands before what the proxy wrote.
        ("10.0.0.1", ["X-Forwarded-For": "192.0.2.1, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["X-Forwarded-For": "198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        ("10.0.0.1", ["X-Forwarded-For": "198.51.100.7:4711"], "198.51.100.7"),
        ("10.0.0.1", ["X-Forwarded-For": "2001:db8::7"], "2001:db8::7"),
        ("10.0.0.1", ["X-Forwarded-For": "[2001:db8::7]:4711"], "2001:db8::7"),
        ("2001:db8:aa::1", ["X-Forwarded-For": "198.51.100.7, 2001:db8:aa::2"], "198.51.100.7"),
        ("10.0.0.1", ["X-Forwarded-For": "198.51.100.7, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["X-Forwarded-For": "10.0.0.3"], "10.0.0.3"), ("10.0.0.1", [:], "10.0.0.1"),
        ("198.51.100.9", ["X-Forwarded-For": "192.0.2.1"], "198.51.100.9"),
        ("198.51.100.9", ["Forwarded": "for=192.0.2.1"], "198.51.100.9"),
        ("10.0.0.1", ["Forwarded": "for=192.0.2.1, for=\"[2001:db8::7]:4711\";proto=https"], "2001:db8::7"),
        ("10.0.0.1", ["Forwarded": "For=198.51.100.7;Proto=http;by=10.0.0.1"], "198.51.100.7"),
        // A proxy that writes the older fields lets a client's own `Forwarded` pass.
        ("10.0.0.1", ["Forwarded": "for=192.0.2.1", "X-Forwarded-For": "198.51.100.7"], "198.51.100.7"),
    ])
    func `the client is whom the nearest proxies name`(peer: String, fields: [String: String], client: String) throws {
        let headers = Headers(fields.map { Headers.Field(name: $0.key, value: $0.value) })
        #expect(try self.client(headers, from: peer) == client)
    }

    @Test(arguments: [
        ("10.0.0.1", ["X-Forwarded-Proto": "https"], true), ("10.0.0.1", ["X-Forwarded-Proto": "HTTPS"], true),
        ("10.0.0.1", ["X-Forwarded-Proto": "http"], false), ("10.0.0.1", [:], false),
        ("10.0.0.1", ["X-Forwarded-For": "198.51.100.7, 10.0.0.2", "X-Forwarded-Proto": "https, http"], true),
        // One scheme for the whole chain.
        ("10.0.0.1", ["X-Forwarded-For": "198.51.100.7, 10.0.0.2", "X-Forwarded-Proto": "https"], true),
        // The client's own word stands before the proxy's.
        ("10.0.0.1", ["X-Forwarded-For": "192.0.2.1, 198.51.100.7", "X-Forwarded-Proto": "https, http"], false),
        ("10.0.0.1", ["Forwarded": "for=198.51.100.7;proto=https"], true),
        ("10.0.0.1", ["Forwarded": "for=192.0.2.1;proto=https, for=198.51.100.7;proto=http"], false),
        ("198.51.100.9", ["X-Forwarded-Proto": "https"], false),
        ("198.51.100.9", ["Forwarded": "for=192.0.2.1;proto=https"], false),
    ])
    func `the connection is as safe as a trusted proxy says`(
        peer: String, fields: [String: String], isSecure: Bool
    ) throws {
        let headers = Headers(fields.map { Headers.Field(name: $0.key, value: $0.value) })
        let page = try house.send(.get, "/admin/login", headers: headers, from: peer)
        let cookie = try #require(page.headers["Set-Cookie"])
        #expect(cookie.contains("; Secure") == isSecure)
        #expect(cookie.hasPrefix("__Host-cartwright_visitor=") == isSecure)
        #expect(page.headers["Strict-Transport-Security"] == (isSecure ? "max-age=31536000" : nil))
    }

    private static let overTLS: Headers = ["X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"]

    private func page(cookie: String) throws -> TestResponse {
        var headers = Self.overTLS
        headers["Cookie"] = cookie
        return try house.send(.get, "/admin", headers: headers, from: "10.0.0.1")
    }

    @Test func `over TLS a session counts under the name that only TLS can give it`() throws {
        let owner = try house.signIn(.owner)
        #expect(try page(cookie: "theme=dark; __Secure-cartwright=\(owner.cookie)").status == 200)
        #expect(try page(cookie: "theme=dark; __Secure-cartwright=\(owner.cookie)").text.contains("dark"))
        // Planted from elsewhere, such as by a neighbour's subdomain.
        #expect(try page(cookie: "cartwright=\(owner.cookie)").status == 303)
        let other = try house.signIn(.viewer)
        let both = try page(cookie: "cartwright=\(other.cookie); __Secure-cartwright=\(owner.cookie)")
        #expect(both.text.contains(owner.email))
    }

    @Test func `without TLS the plain name counts`() throws {
        let owner = try house.signIn(.owner)
        #expect(try house.get("/admin", as: .person(owner)).status == 200)
    }

    @Test func `a proxy that is not believed is named on the overview and by the doctor`() throws {
        let house = try TestHost(options: { $0.trustedProxies = [] })
        let owner = try house.person(.owner)
        #expect(try !house.get("/admin", as: owner).text.contains("is not believed"))
        // A stranger's claim is no reason to trust anybody.
        try house.send(.get, "/admin", headers: ["X-Forwarded-For": "192.0.2.1"], from: "9.9.9.9")
        #expect(try !house.get("/admin", as: owner).text.contains("is not believed"))
        try house.send(.get, "/admin", headers: ["X-Forwarded-Proto": "https"], from: "10.0.0.1")
        #expect(try house.get("/admin", as: owner).text.contains("The proxy at 10.0.0.1"))
        #expect(try house.get("/admin/doctor", as: owner).text.contains("--trusted-proxies 10.0.0.1"))
        house.clock.advance(by: .days(2))
        #expect(try !house.get("/admin/doctor", as: house.person(.manager)).text.contains("10.0.0.1"))
    }

    @Test func `requests that come around TLS are told of`() throws {
        let owner = try house.person(.owner)
        try house.send(.get, "/admin/login", headers: ["X-Forwarded-For": "9.9.9.9"], from: "10.0.0.1")
        #expect(try house.get("/admin", as: owner).text.contains("without https"))
        #expect(try house.get("/admin/doctor", as: owner).text.contains("without https"))
    }
}
