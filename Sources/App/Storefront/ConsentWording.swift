import Core
import Crypto
import Domain
import Localization

/// The words that the storefront's consent box shows, one sentence a purpose, with a version that changes when any of
/// them does: it is kept with each consent.
struct ConsentWording: Sendable {
    let language: String
    let texts: [(purpose: Purpose, text: String)]
    let version: String

    /// In the nearest language there is; the site's where none is named.
    init(_ host: Host, language wanted: String?) {
        let site = host.site
        let words = host.catalog.words(for: wanted.flatMap { $0.isEmpty ? nil : $0 } ?? site.locale)
        language = words.language.description
        texts = Purpose.consentable.map { purpose in
            (purpose, words.text("embed.consent.\(purpose.rawValue)", ["site": .text(site.name)]))
        }
        version = Array(SHA256.hash(texts.map(\.text).joined(separator: "\n")).prefix(4)).hex
    }

    func text(for purpose: Purpose) -> String? { texts.first { $0.purpose == purpose }?.text }
}
