import Core
import Domain
import PluginKit
import SQL

/// What happens on the sandbox's phones: messages arrive, people answer, statuses are reported.
///
///     deliver ──▶ sent ──report──▶ delivered ──report──▶ read
///                  └──report──▶ read · failed
struct Phones: Sendable {
    /// In Unicode scalars, as WhatsApp allows.
    static let longestText = 4096

    let tables: any Tables
    let receipts: any Receipts
    let clock: any Clock

    // MARK: From the shop

    /// Puts a message on the phone. Doing so again for the same attempt changes nothing.
    /// - Returns: the id by which statuses will name it.
    func deliver(_ text: String, to recipient: String, attempt: AttemptRef) throws -> String {
        let now = clock.now()
        let chat = ID.make(at: now)
        let message = PhoneMessage(id: ID.make(at: now), attempt: attempt, text: text, status: .sent, at: now)
        try tables.write { tx in
            let chat = try PhoneRows.chat(with: recipient, new: chat, at: now, in: tx)
            try PhoneRows.add(message, to: chat, in: tx)
        }
        let providerID = PhoneMessage.providerID(of: attempt)
        // By the provider's id alone, so that it counts after the acceptance that this call returns. If it is lost,
        // the next start tells it again.
        try? receipts.status(StatusUpdate(channel: SandboxPlugin.id, providerID: providerID, status: .sent, at: now))
        return providerID
    }

    /// Tells the ledger once more what arrived within a day: a message that it counts as unknown is found again.
    func reportAgain() throws {
        let since = clock.now() - .days(1)
        let arrived = try tables.read { tx in try PhoneRows.delivered(since: since, limit: 5000, in: tx) }
        for message in arrived.reversed() { try tell(message, .sent, at: message.at) }
    }

    /// What the ledger has forgotten is gone from the phones as well.
    func forget(_ gone: Forgotten) throws {
        let recipients = gone.people.flatMap { [$0.phone, $0.bsuid].compactMap { $0 } }
        try tables.write { tx in try PhoneRows.forget(recipients, messages: gone.messages, in: tx) }
    }

    // MARK: On the phone

    func chats(limit: Int) throws -> [PhoneChat] {
        try tables.read { tx in try PhoneRows.chats(limit: limit, in: tx) }
    }

    /// The chat with this person, by phone or the provider's id; nil while nothing was said.
    func chat(with recipient: String) throws -> ID? {
        try tables.read { tx in try PhoneRows.chat(with: recipient, in: tx) }
    }

    /// A chat with its latest messages, the first said first.
    func open(_ chat: ID, limit: Int) throws -> (chat: PhoneChat, messages: [PhoneMessage])? {
        try tables.read { tx in
            guard let found = try PhoneRows.chat(chat, in: tx) else { return nil }
            return (found, try PhoneRows.messages(of: chat, limit: limit, in: tx))
        }
    }

    /// The person of this chat writes to the shop.
    func answer(_ text: String, in chat: PhoneChat, profileName: String?) throws {
        let now = clock.now()
        let message = PhoneMessage(id: ID.make(at: now), attempt: nil, text: text, status: .read, at: now)
        try receipts.received(
            InboundMessage(
                channel: SandboxPlugin.id, providerID: "\(SandboxPlugin.id).in.\(message.id)", phone: chat.phone,
                bsuid: chat.bsuid, profileName: profileName, at: now, type: "text", text: text))
        try tables.write { tx in
            let chat = try PhoneRows.chat(with: chat.recipient, new: chat.id, at: now, in: tx)
            try PhoneRows.add(message, to: chat, in: tx)
        }
    }

    /// Says what became of a message of the ledger. What cannot follow on its present status changes nothing.
    func report(_ status: MessageStatus, of message: ID, in chat: ID) throws {
        let found = try tables.read { tx in try PhoneRows.latestAttempt(of: message, in: chat, tx) }
        guard let found, found.next.contains(status) else { return }
        try tell(found, status, at: clock.now())
        try tables.write { tx in try PhoneRows.move(found.id, from: found.status, to: status, in: tx) }
    }

    private func tell(_ message: PhoneMessage, _ status: MessageStatus, at time: Timestamp) throws {
        guard let attempt = message.attempt else { return }
        let failure = status == .failed ? Failure(.providerTrouble, code: "sandbox", detail: "") : nil
        try receipts.status(
            StatusUpdate(
                channel: SandboxPlugin.id, providerID: PhoneMessage.providerID(of: attempt), attempt: attempt,
                status: status, at: time, failure: failure))
    }
}
