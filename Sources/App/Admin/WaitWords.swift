import Domain
import Core
import HTTP
import Templating

/// Too many tries: how long to wait, for the person and for the browser.
struct WaitWords: Sendable {
    private let words: @Sendable () -> any TemplateWords

    init(_ host: Host, _ pages: PageRenderer) {
        words = { pages.words(locale: host.site.locale) }
    }

    func word(_ span: Timestamp.Span) -> Word {
        let words = words()
        let wait =
            span <= .seconds(90)
            ? words.text("duration.seconds", ["count": .number(Self.seconds(span))])
            : words.text("time.minutes", ["count": .number((Self.seconds(span) + 59) / 60)])
        return Word("login.slow_down", ["wait": .text(wait)])
    }

    func mark(_ response: Response, _ span: Timestamp.Span) -> Response {
        var response = response
        response.headers["Retry-After"] = String(Self.seconds(span))
        return response
    }

    private static func seconds(_ span: Timestamp.Span) -> Int64 { max(1, (span.milliseconds + 999) / 1000) }
}
