package import Core

/// A stretch of every day in which carts and marketing messages do not leave, in the recipient's own time.
/// It may pass midnight (`21:00-08:00`).
package struct QuietHours: Sendable, Equatable {
    /// Minutes after midnight, 0 to 1439.
    package var from: Int
    package var to: Int

    package init(from: Int, to: Int) {
        self.from = from
        self.to = to
    }

    /// Reads `HH:MM-HH:MM`; nil for `off` and for anything else.
    package init?(setting text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let from = Self.minutes(parts[0]), let to = Self.minutes(parts[1]), from != to
        else { return nil }
        self.init(from: from, to: to)
    }

    package func contains(_ minute: Int) -> Bool {
        from < to ? (from..<to).contains(minute) : minute >= from || minute < to
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }
}

/// At most so many carts and marketing messages to one person within a time (`3/7d`).
package struct FrequencyCap: Sendable, Equatable {
    package var messages: Int
    package var within: Timestamp.Span

    package init(messages: Int, within: Timestamp.Span) {
        self.messages = messages
        self.within = within
    }

    /// Nil for `off` and for anything else.
    package init?(setting text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let messages = Int(parts[0]), (1...1000).contains(messages),
            let within = Timestamp.Span(setting: String(parts[1])), within > .zero
        else { return nil }
        self.init(messages: messages, within: within)
    }
}
