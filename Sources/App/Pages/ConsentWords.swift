import Core
import Domain
import PluginKit
import Store
import Templating

/// What people agreed to, in words.
struct ConsentWords {
    private let words: any TemplateWords

    init(_ words: any TemplateWords) { self.words = words }

    static func pill(_ state: ConsentState) -> Pill {
        switch state {
        case .granted: Pill(.good, "consent.granted")
        case .withdrawn: Pill(.bad, "consent.withdrawn")
        case .none: Pill(.idle, "consent.none")
        }
    }

    /// When and where it was said.
    func detail(_ standing: ConsentStatesTable.Standing) -> String {
        words.text("contact.consent_detail", ["date": .time(standing.at), "source": .text(source(standing.source))])
    }

    /// A plugin's own word stands as it is.
    func source(_ id: String) -> String {
        let key = "consent.source." + id
        return words.has(key) ? words.text(key) : id
    }

    func purpose(_ purpose: Purpose) -> String {
        let key = "purpose." + purpose.rawValue
        return words.has(key) ? words.text(key) : purpose.rawValue
    }

    /// A row of evidence as a sentence.
    func sentence(_ record: ConsentRecord) -> String {
        let arguments: [String: WordArgument] = [
            "purpose": .text(purpose(record.purpose)), "source": .text(source(record.source)),
        ]
        switch record.kind {
        case .grant: return words.text("contact.history_grant", arguments)
        case .withdraw: return words.text("contact.history_withdraw", arguments)
        case .shorten, .erase: return words.text("contact.history_erase", arguments)
        }
    }
}
