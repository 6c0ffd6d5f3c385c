import Core
import Crypto
import HTTP

/// What a page shows one single time after the form that made it: a link, a key, codes. It travels sealed in a cookie
/// that only this session can open, so that it is stored nowhere and a reload does not show it again.
struct ShownOnce: Sendable {
    private static let cookie = "shown_once"

    private let sealer: Sealer
    /// What it is: shown by the one page that asks for it.
    private let name: String

    init(_ host: Host, _ name: String) {
        sealer = host.sealer
        self.name = name
    }

    /// A redirect to the page that shows `text`.
    func redirect(to path: String, _ text: String, _ context: Context) throws -> Response {
        var response = Response.redirect(to: path)
        let sealed = sealer.seal(Secret(text), name: try sealName(context)).base64URL
        response.set(Self.cookie(sealed, maxAge: 60, context))
        return response
    }

    /// Nil when there is nothing, and for what another page or session was to show.
    func read(_ request: Request, _ context: Context) throws -> String? {
        guard let value = request.cookies[Self.cookie], let sealed = [UInt8](base64URL: value) else { return nil }
        return try? sealer.openSecret(sealed, name: sealName(context)).reveal()
    }

    static func forget(in response: inout Response, _ context: Context) {
        response.set(cookie("", maxAge: 0, context))
    }

    private func sealName(_ context: Context) throws -> String {
        "shown_once.\(name).\(try SignedIn(context).session)"
    }

    private static func cookie(_ value: String, maxAge: Int, _ context: Context) -> SetCookie {
        var cookie = SetCookie(Self.cookie, value, maxAge: maxAge, secure: context.isSecure)
        cookie.path = "/admin"
        return cookie
    }
}
