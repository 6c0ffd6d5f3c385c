import Core
import Domain
import PluginKit
import Templating

/// What `sandbox/phone` shows.
struct PhoneModel: TemplateModel {
    struct Chat: TemplateModel {
        var id: ID
        var name: String
        var phone: String
        var last: String
        var at: Timestamp
        var isCurrent: Bool

        static let fields: [Field<Self>] = [
            .text("chat") { $0.id.description }, .text("name") { $0.name }, .text("phone") { $0.phone },
            .text("last") { $0.last }, .time("at") { $0.at }, .flag("current") { $0.isCurrent },
        ]
    }

    struct Open: Sendable {
        var id: ID
        var name: String
        var phone: String
        /// The first said first.
        var messages: [PhoneMessage]
    }

    var shopName: String
    var canWrite: Bool
    var chats: [Chat] = []
    var open: Open?

    static let fields: [Field<Self>] = [
        .flag("hasChats") { !$0.chats.isEmpty }, .list("chats", Chat.self) { $0.chats },
        .flag("hasChat") { $0.open != nil }, .text("chat") { $0.open?.id.description },
        .text("name") { $0.open?.name }, .text("phone") { $0.open?.phone },
        .text("shopName") { $0.shopName }, .text("initial") { $0.shopName.first.map { $0.uppercased() } },
        .list("bubbles", PhoneBubble.self) { $0.bubbles }, .list("quick", Quick.self) { _ in Quick.all },
        .flag("hasHappened") { !$0.happened.isEmpty }, .list("happened", Happened.self) { $0.happened },
        .flag("canWrite") { $0.canWrite },
    ]

    private var bubbles: [PhoneBubble] {
        (open?.messages ?? []).map { message in
            PhoneBubble(message.attempt == nil ? .fromPerson : .fromShop, message.text, at: message.at)
        }
    }

    /// The latest first.
    private var happened: [Happened] {
        (open?.messages ?? []).reversed().compactMap { message in
            message.attempt.map { Happened(messageID: $0.messageID, message: message) }
        }
    }
}

/// An answer worth a button.
struct Quick: TemplateModel {
    let word: Word

    static let all = [Quick(word: Word("sandbox.quick_thanks")), Quick(word: Word("sandbox.quick_stop"))]
    static let fields: [Field<Self>] = [.word("text") { $0.word }]
}

/// A message from the shop with what became of it.
struct Happened: TemplateModel {
    /// The ledger's.
    let messageID: ID
    let message: PhoneMessage

    static let fields: [Field<Self>] = [
        .id("id") { $0.messageID }, .text("text") { String($0.message.text.prefix(120)) },
        .time("at") { $0.message.at }, .object("status", StatusPill.self) { StatusPill(status: $0.message.status) },
        .flag("canDeliver") { $0.message.next.contains(.delivered) },
        .flag("canRead") { $0.message.next.contains(.read) },
        .flag("canFail") { $0.message.next.contains(.failed) },
    ]
}

/// A status with its colour.
struct StatusPill: TemplateModel {
    let status: MessageStatus

    static let fields: [Field<Self>] = [
        .text("tone") { $0.tone }, .word("word") { Word("message.status." + $0.status.rawValue) },
    ]

    private var tone: String {
        switch status {
        case .delivered, .read: "good"
        case .failed: "bad"
        default: "info"
        }
    }
}
