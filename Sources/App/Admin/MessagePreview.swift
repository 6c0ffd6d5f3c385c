import Core
import Domain
import PluginKit
import SQL
import Store
import Templating

/// The phone of `admin/parts/phone`.
struct PhonePreview: TemplateModel {
    var shopName: String
    var day: String
    var bubbles: [PhoneBubble]
    var note: Word?

    static let fields: [Field<Self>] = [
        .text("shopName") { $0.shopName }, .text("initial") { String($0.shopName.prefix(1)) }, .text("day") { $0.day },
        .list("bubbles", PhoneBubble.self) { $0.bubbles }, .word("note") { $0.note },
    ]
}

/// A message as the person's phone shows it, or would have shown it.
struct MessagePreview {
    private let row: LedgerRow
    private let site: Site
    private let now: Timestamp
    private let display: PhoneDisplay
    private let words: any TemplateWords

    init(
        _ row: LedgerRow, site: Site, now: Timestamp, _ display: PhoneDisplay, _ words: any TemplateWords
    ) {
        self.row = row
        self.display = display
        self.site = site
        self.now = now
        self.words = words
    }

    func phone(in tx: any ReadTransaction) throws -> PhonePreview {
        let seenAt = row.deliveredAt ?? row.sentAt ?? row.acceptedAt
        let at = seenAt ?? row.dueAt
        var preview = PhonePreview(shopName: site.name, day: day(at), bubbles: [])
        guard let text = try text(in: tx) else {
            preview.note = Word("preview.forgotten")
            return preview
        }
        preview.bubbles = [PhoneBubble(.fromShop, display.text(text), at: seenAt, isRead: row.status == .read)]
        switch row.status {
        case .suppressed, .cancelled: preview.note = Word("preview.nothing")
        case .failed: preview.note = Word(row.attempts > 0 ? "preview.not_arrived" : "preview.nothing")
        default: break
        }
        return preview
    }

    private func day(_ time: Timestamp) -> String {
        let day = words.date(time, zone: site.timeZone)
        return day == words.date(now, zone: site.timeZone) ? words.text("preview.today") : day
    }

    /// Nil when nothing is left of it: texts are forgotten by age.
    private func text(in tx: any ReadTransaction) throws -> String? {
        if let text = row.content.text { return MessageContent.shown(text, on: site) }
        guard let call = row.content.template else { return nil }
        let known = try ChannelTemplatesTable.find(
            channel: row.channel, name: call.name, language: call.language, in: tx)
        guard let known, call.parameters.count == known.bodyParameters.count else {
            return call.parameters.isEmpty ? nil : call.parameters.map(\.value).joined(separator: "\n")
        }
        return MessageContent.shown(Self.filled(known.bodyText, call.parameters), on: site)
    }

    /// The provider's body with each `{{1}}` or `{{name}}` filled in.
    static func filled(_ body: String, _ parameters: [TemplateCall.Parameter]) -> String {
        let values = Dictionary(parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        var result = ""
        var rest = body[...]
        while let open = rest.firstRange(of: "{{") {
            result += rest[..<open.lowerBound]
            rest = rest[open.upperBound...]
            guard let close = rest.firstRange(of: "}}") else {
                result += "{{"
                break
            }
            let name = String(rest[..<close.lowerBound].filter { !$0.isWhitespace })
            result += values[name] ?? "{{\(name)}}"
            rest = rest[close.upperBound...]
        }
        return result + rest
    }
}
