import Core
package import Domain
package import Templating

/// The ledger's states, reasons and trails in words: for pages and for the API alike.
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

    /// A reason's id (`reason.no_consent`) in words.
    package func reason(_ id: String) -> String { words.text(id) }

    package static func failure(_ failureClass: FailureClass) -> Word { Word("failure." + failureClass.rawValue) }

    /// What to do about it.
    package static func advice(_ failureClass: FailureClass) -> Word {
        Word("failure.\(failureClass.rawValue).advice")
    }

    /// A line of a message's trail as a sentence. A kind without words (of a plugin that is gone) shows as itself.
    package func sentence(_ note: TrailNote) -> String {
        var key = "trail." + note.kind
        if note.kind == "status", let status = note.data["status"] { key += "." + status }
        guard words.has(key) else { return note.kind }
        var arguments: [String: WordArgument] = [
            "detail": .text(words.text("failure.no_detail")), "code": .text("–"),
        ]
        for (name, value) in note.data where !value.isEmpty { arguments[name] = argument(name, value) }
        if let spent = note.data["microseconds"].flatMap(Int64.init) {
            arguments["time"] = .text(duration(microseconds: spent))
        }
        return words.text(key, arguments)
    }

    private func argument(_ name: String, _ value: String) -> WordArgument {
        switch name {
        case "until", "at": Timestamp(rfc3339: value).map(WordArgument.time) ?? .text(value)
        case "reason": .text(reason(value))
        case "status": .text(orderEvent(value))
        case "channel": .text(channel(value))
        default: .text(value)
        }
    }

    /// A channel's name: `sandbox`, `meta`.
    package func channel(_ id: String) -> String { known("setting.sending.channel.choice." + id) ?? id }

    /// An order's status, or the event that a rule names; a shop's own status as the shop writes it.
    package func orderEvent(_ status: String) -> String { known("order.status." + status) ?? status }

    /// `12 ms`; shorter than one: said so.
    package func duration(microseconds: Int64) -> String {
        microseconds < 1000
            ? words.text("duration.under_millisecond")
            : words.text("duration.milliseconds", ["count": .number(microseconds / 1000)])
    }

    private func known(_ key: String) -> String? { words.has(key) ? words.text(key) : nil }
}
