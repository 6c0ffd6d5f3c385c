import Core
import Crypto
import HTTP

/// `/wc-auth/v1/`: a person is asked whether a program may have keys. On yes they are posted to its callback as JSON,
/// and the person goes back to it.
struct ShopSignIn {
    let home: String
    let allowsPlainCallback: Bool

    enum Step {
        case page(ShopAnswer)
        /// The keys are to be posted to `url`; then `answer`, or where that fails the error page.
        case grant(key: String, secret: String, ShopKeys.Permission, url: String, body: [UInt8], answer: ShopAnswer)
    }

    func step(_ request: ShopRequest) -> Step {
        let form =
            request.method == .post
            ? QueryItems(String(decoding: request.body, as: UTF8.self)) : request.query
        for name in ["app_name", "user_id", "return_url", "callback_url", "scope"]
        where form[name]?.isEmpty != false {
            return .page(Self.failure("Missing parameter \(name)", status: 400))
        }
        guard let scope = form["scope"], let permission = ShopKeys.Permission(rawValue: scope) else {
            return .page(Self.failure("Invalid scope", status: 400))
        }
        let callback = form["callback_url"] ?? ""
        guard callback.hasPrefix("https://") || allowsPlainCallback else {
            return .page(Self.failure("The callback_url needs to be over SSL", status: 400))
        }
        guard request.path.hasSuffix("/access_granted") else { return .page(approval(form)) }
        return grant(form, permission, callback)
    }

    static let undelivered = failure(
        "An error occurred in the request and at the time were unable to send the consumer data", status: 401)

    private func grant(_ form: QueryItems, _ permission: ShopKeys.Permission, _ callback: String) -> Step {
        let key = "ck_" + SHA256.hash(Token.make().reveal()).prefix(20).map { $0 }.hex
        let secret = "cs_" + SHA256.hash(Token.make().reveal()).prefix(20).map { $0 }.hex
        let user = form["user_id"] ?? ""
        let body = ShopValue.object([
            "key_id": .number(1), "user_id": .text(user), "consumer_key": .text(key),
            "consumer_secret": .text(secret), "key_permissions": .text(permission.rawValue),
        ])
        return .grant(
            key: key, secret: secret, permission, url: callback, body: body.encoded,
            answer: ShopAnswer(redirect: back(form, success: true)))
    }

    private func back(_ form: QueryItems, success: Bool) -> String {
        let url = form["return_url"] ?? ""
        return url + (url.contains("?") ? "&" : "?") + "success=\(success ? 1 : 0)&user_id="
            + URLEncoding.encode(form["user_id"] ?? "")
    }

    private func approval(_ form: QueryItems) -> ShopAnswer {
        let fields = form.pairs.map { pair in
            "<input type=\"hidden\" name=\"\(Self.escape(pair.name))\" value=\"\(Self.escape(pair.value))\">"
        }.joined()
        return ShopAnswer(
            html: """
                <!doctype html><html lang="en"><title>Application authentication request</title>
                <h1>\(Self.escape(form["app_name"] ?? "")) would like to connect to your store</h1>
                <form method="post" action="\(home)/wc-auth/v1/access_granted">\(fields)
                <button name="wc_auth_approve" value="1">Approve</button></form>
                <a href="\(Self.escape(back(form, success: false)))">Deny</a></html>
                """)
    }

    private static func failure(_ message: String, status: Int) -> ShopAnswer {
        ShopAnswer(html: "<!doctype html><title>WordPress</title><p>Error: \(escape(message)).</p>", status: status)
    }

    private static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
