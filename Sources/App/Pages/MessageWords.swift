import Core
package import Domain
package import PluginKit
package import Templating

/// What the ledger knows of a message in words. Its reasons and trail are told by `TrailSentences`.
package struct MessageWords: Sendable {
    private let words: any TemplateWords

    package init(_ words: any TemplateWords) { self.words = words }

    package static func pill(_ status: MessageStatus) -> Pill {
        Pill(tone(status), "message.status." + status.rawValue)
    }

    private static func tone(_ status: MessageStatus) -> Pill.Tone {
        switch status {
        case .planned, .claimed, .suppressed, .cancelled: .idle
        case .handedOver, .accepted, .sent: .info
        case .delivered, .read: .good
        case .unknown: .warning
        case .failed: .bad
        }
    }

    /// One sentence: what this state means and what comes next.
    package static func meaning(_ status: MessageStatus) -> Word { Word("message.state." + status.rawValue) }

    package static func failure(_ failureClass: FailureClass) -> Word { Word("failure." + failureClass.rawValue) }

    /// What to do about it.
    package static func advice(_ failureClass: FailureClass) -> Word {
        Word("failure.\(failureClass.rawValue).advice")
    }

    /// A channel as settings call it, for a place of its own; within a sentence it is `channel.<id>`.
    package func channel(_ id: String) -> String { known("setting.sending.channel.choice." + id) ?? id }

    /// An order's status, or the event that a rule names; a shop's own status in its own letters.
    package func orderEvent(_ status: String) -> String {
        known("order.status." + status) ?? OrderStatusName.readable(status)
    }

    private func known(_ key: String) -> String? { words.has(key) ? words.text(key) : nil }
}
