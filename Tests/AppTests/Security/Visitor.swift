import HTTP
import TestSupport

/// A browser without script: keeps its cookies, and sends the forms of the page that is open.
final class Visitor {
    private let house: TestHost
    private let address: String
    private let agent: String
    private(set) var cookies: [String: String] = [:]
    private(set) var page: TestResponse?

    init(_ house: TestHost, from address: String = "203.0.113.7", agent: String = "Test") {
        self.house = house
        self.address = address
        self.agent = agent
    }

    /// The same browser, with its cookies and its open page, whose requests reach another node.
    convenience init(_ house: TestHost, as other: Visitor) {
        self.init(house, from: other.address, agent: other.agent)
        cookies = other.cookies
        page = other.page
    }

    struct NoForm: Error {}

    @discardableResult
    func get(_ target: String) throws -> TestResponse {
        try keep(house.send(.get, target, headers: headers, from: address))
    }

    /// Sends a form as the open page would: with its token.
    @discardableResult
    func post(_ target: String, _ fields: [(name: String, value: String)] = []) throws -> TestResponse {
        guard let csrf = value(of: "csrf") else { throw NoForm() }
        return try keep(
            house.send(.post, target, .form(fields + [("csrf", csrf)]), headers: headers, from: address))
    }

    /// Follows a redirect, and those after it.
    @discardableResult
    func follow() throws -> TestResponse {
        while let next = page?.location { try get(next) }
        guard let page else { throw NoForm() }
        return page
    }

    /// What a field of the open page holds.
    func value(of name: String) -> String? {
        guard let page, let start = page.text.firstRange(of: "name=\"\(name)\" value=\"") else { return nil }
        return String(page.text[start.upperBound...].prefix { $0 != "\"" })
    }

    @discardableResult
    func signIn(_ email: String, _ password: String = TestHost.password) throws -> TestResponse {
        try get("/admin/login")
        return try post("/admin/login", [("email", email), ("password", password), ("next", "/admin")])
    }

    func forget(_ cookie: String) { cookies[cookie] = nil }

    private var headers: Headers {
        let kept = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        return kept.isEmpty ? ["User-Agent": agent] : ["User-Agent": agent, "Cookie": kept]
    }

    private func keep(_ response: TestResponse) -> TestResponse {
        for line in response.headers.all("Set-Cookie") {
            let parts = line.split(separator: ";").map { $0.trimmingPrefix(" ") }
            guard let pair = parts.first?.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false),
                pair.count == 2
            else { continue }
            cookies[String(pair[0])] = parts.contains("Max-Age=0") ? nil : String(pair[1])
        }
        page = response
        return response
    }
}
