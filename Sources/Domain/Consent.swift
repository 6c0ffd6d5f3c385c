package import Core

/// What a person last said about one purpose.
package enum ConsentState: String, Sendable {
    case granted, withdrawn, none
}

/// One grant or withdrawal as it is put on record, with everything that makes it evidence.
package struct ConsentStatement: Sendable, Equatable {
    package enum Action: String, Sendable {
        case grant, withdraw
    }

    /// The words the person saw when deciding.
    package struct Wording: Sendable, Equatable {
        package var text: String
        package var version: String?
        package var language: String?

        package init(text: String, version: String? = nil, language: String? = nil) {
            self.text = text
            self.version = version
            self.language = language
        }
    }

    package var purpose: Purpose
    package var action: Action
    package var at: Timestamp
    /// Where it was said: `checkout`, `api`, `reply`, `link`, `admin`, `order`, `import`, or a plugin's own word.
    package var source: String
    package var wording: Wording?
    package var pageURL: String?
    package var ipAddress: String?
    package var userAgent: String?
    /// Who did it, when not the person: an admin's e-mail or an API key's name.
    package var actor: String?
    package var reason: String?

    package init(
        purpose: Purpose, action: Action, at: Timestamp, source: String, wording: Wording? = nil,
        pageURL: String? = nil, ipAddress: String? = nil, userAgent: String? = nil, actor: String? = nil,
        reason: String? = nil
    ) {
        self.purpose = purpose
        self.action = action
        self.at = at
        self.source = source
        self.wording = wording
        self.pageURL = pageURL
        self.ipAddress = ipAddress
        self.userAgent = userAgent
        self.actor = actor
        self.reason = reason
    }
}
