import App
import Domain
import Localization
import PluginKit
import Templating
import TestSupport
import Testing
import Text

/// Every state that a page may have to name has its word.
struct MessageWordsTests {
    @Test func `all that the pages of the admin name has words`() throws {
        let catalog = try Catalog.load(RepositoryFile.root + "/Locales")
        var keys: [String] = []
        for status in MessageStatus.allCases {
            keys += [MessageWords.pill(status).word.key, MessageWords.meaning(status).key]
        }
        for failureClass in FailureClass.allCases {
            keys += [MessageWords.failure(failureClass).key, MessageWords.advice(failureClass).key]
        }
        keys += ["accepted", "refused", "not_sent", "unknown", "pending"].map { "outcome." + $0 }
        keys += PhoneProblem.allCases.map(\.id)
        keys += Delivery.State.allCases.flatMap { ["delivery.state." + $0.rawValue, "deliveries.view_" + $0.rawValue] }
        keys += Purpose.all.map { "purpose." + $0.rawValue } + Purpose.consentable.map { "purpose.\($0.rawValue)_help" }
        keys += ["checkout", "api", "reply", "link", "admin", "order", "import"].map { "consent.source." + $0 }
        let missing = keys.filter { !catalog.has($0) }
        #expect(missing == [])
    }
}
