import Core
import Crypto
import HTTP

/// Cross-site request forgery: a form that is posted must carry the token of its page in the field `csrf`.
///
/// A signed-in person's token belongs to the session. Before signing in (and in the demo shop) it is derived from a
/// cookie of its own that only our pages set.
struct FormGuard: Sendable {
    static let cookie = "cartwright_visitor"

    /// The visitor's token, and the cookie to set when there is none yet.
    static func visitor(_ request: Request, isSecure: Bool) -> (csrf: String, cookie: SetCookie?) {
        if let known = request.cookies[cookie], Token.isWellFormed(known) { return (csrf(of: known), nil) }
        let made = Token.make().reveal()
        return (csrf(of: made), SetCookie(cookie, made, secure: isSecure))
    }

    static func allows(_ request: Request, expected: String) -> Bool {
        guard !expected.isEmpty, let sent = request.form["csrf"] else { return false }
        return ConstantTime.equal(sent, expected)
    }

    private static func csrf(of visitor: String) -> String { SHA256.hash("form " + visitor).base64URL }
}
