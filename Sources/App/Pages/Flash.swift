package import HTTP
import Localization
import Templating

/// What the last action did, said once on the page that follows: a cookie that holds a tone and a word's key.
package enum Flash {
    private static let name = "notice"
    private static let tones: Set<String> = ["good", "warning", "bad", "info", "idle"]

    /// A redirect that says `word` on the page it leads to.
    package static func redirect(
        to path: String, _ tone: String, _ word: String, _ context: Context
    ) -> Response {
        var response = Response.redirect(to: path)
        response.set(cookie("\(tone).\(word)", maxAge: 60, isSecure: context.isSecure))
        return response
    }

    static func forget(_ context: Context) -> SetCookie { cookie("", maxAge: 0, isSecure: context.isSecure) }

    private static func cookie(_ value: String, maxAge: Int, isSecure: Bool) -> SetCookie {
        var cookie = SetCookie(name, value, maxAge: maxAge, secure: isSecure)
        cookie.path = "/admin"
        return cookie
    }

    /// Only a word that the catalogue has: the cookie is the visitor's to write.
    static func read(_ request: Request, words: Words) -> PageFrame.Notice? {
        guard let value = request.cookies[name], let dot = value.firstIndex(of: ".") else { return nil }
        let tone = String(value[..<dot])
        let key = String(value[value.index(after: dot)...])
        guard tones.contains(tone), key.hasPrefix("notice."), words.has(key) else { return nil }
        return PageFrame.Notice(tone: tone, text: Word(key))
    }
}
