import Core
import Domain
import SQL

/// The phone of one person, as lists show it.
struct PhoneChat: Sendable, Equatable {
    var id: ID
    /// E.164 with `+`, or a user id.
    var recipient: String
    var latestAt: Timestamp
    /// What was said last.
    var latest: String

    var phone: String? { recipient.hasPrefix("+") ? recipient : nil }
    var bsuid: String? { phone == nil ? recipient : nil }
}

/// Something said in a chat.
struct PhoneMessage: Sendable, Equatable {
    var id: ID
    /// Nil for what the person wrote.
    var attempt: AttemptRef?
    var text: String
    /// sent, delivered, read or failed; read for what the person wrote.
    var status: MessageStatus
    var at: Timestamp

    /// How the ledger knows an attempt that arrived here.
    static func providerID(of attempt: AttemptRef) -> String { "\(SandboxPlugin.id).\(attempt)" }

    /// What may still be said of it; a phone never takes a status back.
    var next: [MessageStatus] {
        switch status {
        case .sent: [.delivered, .read, .failed]
        case .delivered: [.read]
        default: []
        }
    }
}
