import Core
import Domain
import PluginKit
import Templating

/// What all pages of the shop have in common: the site's currency and words, and the way to the host.
struct Shop: Sendable {
    let context: PluginContext

    init(_ context: PluginContext) { self.context = context }

    /// The shop speaks the site's language.
    var words: any TemplateWords { context.pages.words(locale: context.site().locale) }

    func money(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, currency: context.site().currency) }
}
