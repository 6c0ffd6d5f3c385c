/// Something that needs a person and will not mend itself: shown on the dashboard while it is open, and told by every
/// route that the owner has set up.
package struct Alert: Sendable, Equatable {
    package enum Severity: String, Sendable {
        /// It works, but not for long, or not well.
        case warning
        /// Messages or orders are held up or lost.
        case bad
    }

    /// Stable, and begins with the id of who opens it: `woocommerce.webhooks`, `host.disk`. There is one alert of an
    /// id at a time.
    package var id: String
    package var severity: Severity
    /// What is wrong, in one sentence: a word of the catalogue (`alert.disk`).
    package var word: String
    package var arguments: [String: String]
    /// Where it is mended: a path of the admin.
    package var href: String

    package init(id: String, severity: Severity, word: String, arguments: [String: String] = [:], href: String) {
        self.id = id
        self.severity = severity
        self.word = word
        self.arguments = arguments
        self.href = href
    }
}

/// Opens and closes alerts. Never throws: what cannot be written is logged, and found again by the next look.
///
/// Not from inside a transaction.
package protocol Alerts: Sendable {
    /// Opening one that is open costs a read; what it says is brought up to date. One that was closed less than an
    /// hour ago counts as the same.
    func open(_ alert: Alert)
    /// Nothing happens when none of this id is open.
    func close(_ id: String)
}
