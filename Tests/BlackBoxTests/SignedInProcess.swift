import HTTP
import TestSupport

/// A person signed in to a server, with the cookies that a browser would keep.
struct SignedInProcess {
    private let server: SiteClient
    private var cookies: [String: String] = [:]

    /// - Parameter password: of an account that has no second factor.
    init(_ email: String, _ password: String, on server: SiteClient) throws {
        self.server = server
        let page = try server.send(.get, "/admin/login")
        keep(page)
        let text = String(decoding: page.body, as: UTF8.self)
        guard let csrf = text.firstMatch(of: /name="csrf" value="([^"]+)"/)?.1 else {
            throw ProcessFailure("the page to sign in has no csrf field")
        }
        let form = [("email", email), ("password", password), ("csrf", String(csrf))].map { name, value in
            name + "=" + Self.escaped(value)
        }.joined(separator: "&")
        var headers = headers
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        let answer = try server.send(.post, "/admin/login", body: Array(form.utf8), headers: headers)
        guard answer.status == 303 else { throw ProcessFailure("signing in: \(answer.status)") }
        keep(answer)
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count < 2 ? "0" : "") + digits
        }.joined()
    }

    func page(_ path: String) throws -> String {
        let answer = try server.send(.get, path, headers: headers)
        guard answer.status == 200 else { throw ProcessFailure("\(path): \(answer.status)") }
        return String(decoding: answer.body, as: UTF8.self)
    }

    /// Sends the form without fields that stands on `page`.
    func press(_ path: String, on page: String) throws {
        guard let csrf = try self.page(page).firstMatch(of: /name="csrf" value="([^"]+)"/)?.1 else {
            throw ProcessFailure("\(page) has no csrf field")
        }
        var headers = headers
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        let body = Array(("csrf=" + Self.escaped(String(csrf))).utf8)
        let answer = try server.send(.post, path, body: body, headers: headers)
        guard answer.status == 303 else { throw ProcessFailure("\(path): \(answer.status)") }
    }

    private var headers: Headers {
        ["Cookie": cookies.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")]
    }

    private mutating func keep(_ answer: OutboundResponse) {
        for cookie in answer.headers.all("Set-Cookie") {
            let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { cookies[String(pair[0])] = String(pair[1]) }
        }
    }
}
