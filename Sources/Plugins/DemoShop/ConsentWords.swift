import Core
import Crypto
import Domain
import HTTP
import Templating

/// The sentences that the checkout asks people to agree to, in the language in which they are shown.
struct ConsentWords: Sendable {
    struct Sentence: Sendable {
        var purpose: Purpose
        var text: String
    }

    let language: String
    let sentences: [Sentence]
    /// Another one as soon as a letter is changed: a form that was shown with other words is shown again.
    let version: String

    init(_ words: any TemplateWords) {
        language = words.language
        sentences = [Purpose.orders, .marketing].map { purpose in
            Sentence(purpose: purpose, text: words.text("demoshop.consent_\(purpose.rawValue)", [:]))
        }
        let all = ([language] + sentences.map(\.text)).joined(separator: "\n")
        version = String(SHA256.hash(all).hex.prefix(8))
    }

    /// What goes on record for the boxes that were ticked. An empty box says nothing: it withdraws nothing that the
    /// person granted elsewhere.
    func grants(
        for agreed: Set<Purpose>, at now: Timestamp, pageURL: String, _ request: Request, _ context: Context
    ) -> [ConsentStatement] {
        sentences.filter { agreed.contains($0.purpose) }.map { sentence in
            ConsentStatement(
                purpose: sentence.purpose, action: .grant, at: now, source: "checkout",
                wording: .init(text: sentence.text, version: version, language: language), pageURL: pageURL,
                ipAddress: context.clientAddress.description,
                userAgent: request.headers["User-Agent"].map { String($0.prefix(500)) })
        }
    }
}
