import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import Templating

/// `/admin/messages/{id}`: what happened to one message, in sentences, beside the phone that shows what was seen.
struct MessagePage: Sendable {
    private let host: Host
    private let pages: PageRenderer
    private let page: PreparedPage<MessageModel>

    init(_ host: Host, _ pages: PageRenderer) throws {
        self.host = host
        self.pages = pages
        page = try pages.admin("admin/message", MessageModel.self)
    }

    var routes: [Route] {
        [
            Route(.get, "/admin/messages/{id}", .role(.viewer), bodyLimit: 0) { request, context in
                try page.respond(try model(context), 200, request, context)
            },
            Route(.post, "/admin/messages/{id}/again", .role(.manager), bodyLimit: 16 << 10) { _, context in
                try sendAgain(context)
            },
            Route(.post, "/admin/messages/{id}/cancel", .role(.manager), bodyLimit: 16 << 10) { _, context in
                try cancel(context)
            },
        ]
    }

    private static func id(_ context: Context) throws -> ID {
        guard let id = context.parameters["id"].flatMap({ ID($0) }) else { throw Refusal.notFound }
        return id
    }

    private func model(_ context: Context) throws -> MessageModel {
        let signedIn = try SignedIn(context)
        let id = try Self.id(context)
        let words = pages.words(locale: host.site.locale)
        let now = host.clock.now()
        return try host.database.read { tx in
            guard let row = try MessagesTable.find(id, in: tx) else { throw Refusal.notFound }
            let order = row.source.kind == .order ? try row.source.id.flatMap { try OrdersTable.find($0, in: tx) } : nil
            let contact = try ContactsTable.find(row.contactID, in: tx)
            let preview = MessagePreview(row, site: host.site, now: now, signedIn.display, words)
            var model = MessageModel(
                row: row, contactID: contact?.id, addressee: Addressee(row, contact, signedIn.display, words),
                what: MessageSubject(words).text(row, order: order), orderID: order?.id,
                channel: MessageWords(words).channel(row.channel), statusText: statusText(of: row, words),
                canWrite: signedIn.canWrite,
                preview: try preview.phone(in: tx), display: signedIn.display)
            model.canDecide = signedIn.isOwner && row.status == .planned && row.reason == OverdueMessages.waiting
            model.trail = try TrailTable.all(of: id, in: tx).map {
                TrailLine(at: $0.at, text: signedIn.display.text(TrailSentences(words).text(of: $0.note)))
            }
            // A provider's id may hold the phone number.
            let showsIDs = !signedIn.display.isMasked
            model.attempts = try AttemptsTable.all(of: id, in: tx).map {
                MessageModel.Attempt(attempt: $0, showsID: showsIDs)
            }
            return model
        }
    }

    /// What its state means; of one that waits for more than its time, what for.
    private func statusText(of row: LedgerRow, _ words: any TemplateWords) -> String {
        if row.status == .planned, let reason = row.reason { return TrailSentences(words).reason(reason) }
        return words.text(MessageWords.meaning(row.status))
    }

    private func sendAgain(_ context: Context) throws -> Response {
        let id = try Self.id(context)
        guard let copy = try host.planner.sendAgain(id) else {
            return Flash.redirect(
                to: "/admin/messages/\(id)", "warning", "notice.message_not_sent_again", context)
        }
        try note("message.sent_again", id, context)
        host.messaging.wake(.messages)
        return Flash.redirect(to: "/admin/messages/\(copy)", "good", "notice.message_sent_again", context)
    }

    private func cancel(_ context: Context) throws -> Response {
        let id = try Self.id(context)
        let now = host.clock.now()
        let isCancelled = try host.database.write { [messaging = host.messaging] tx in
            let stopped = try LedgerUpkeep.cancel(id, reason: "reason.stopped", at: now, in: tx)
            messaging.announceStopped(stopped.map { [$0] } ?? [], after: tx)
            return stopped != nil
        }
        guard isCancelled else {
            return Flash.redirect(to: "/admin/messages/\(id)", "warning", "notice.message_not_cancelled", context)
        }
        try note("message.cancelled", id, context)
        return Flash.redirect(to: "/admin/messages/\(id)", "good", "notice.message_cancelled", context)
    }

    private func note(_ action: String, _ id: ID, _ context: Context) throws {
        let entry = AuditEntry(
            id: ID.make(at: host.clock.now()), at: host.clock.now(), actor: try SignedIn(context).email,
            action: action, subject: "message:\(id)")
        try host.database.write { tx in try AuditTable.add(entry, in: tx) }
    }
}

/// What `Templates/admin/message` shows.
struct MessageModel: TemplateModel {
    let row: LedgerRow
    var contactID: ID?
    var addressee: Addressee
    var what: String
    var orderID: ID?
    var channel: String
    var statusText: String
    var canWrite: Bool
    /// It waits for this owner to say whether this is the live shop.
    var canDecide = false
    var preview: PhonePreview
    let display: PhoneDisplay
    var trail: [TrailLine] = []
    var attempts: [Attempt] = []

    static let fields: [Field<Self>] = [
        .id("id") { $0.row.id }, .text("person") { $0.addressee.name }, .id("contactId") { $0.contactID },
        .text("phone") { $0.addressee.phone }, .text("what") { $0.what },
        .text("sourceHref") { $0.orderID.map { "/admin/orders/\($0)" } },
        .object("status", Pill.self) { MessageWords.pill($0.row.status) },
        .text("statusText") { $0.statusText },
        .text("decideHref") { $0.canDecide ? InstancePage.path : nil },
        .object("failure", FailureText.self) { model in
            guard model.row.status == .failed else { return nil }
            return model.row.failure.map { FailureText(failure: $0, display: model.display) }
        },
        .flag("possibleDuplicate") { $0.row.possibleDuplicate }, .list("trail", TrailLine.self) { $0.trail },
        .flag("hasAttempts") { !$0.attempts.isEmpty }, .list("attempts", Attempt.self) { $0.attempts },
        .text("channel") { $0.channel }, .word("purpose") { Word("purpose." + $0.row.purpose.rawValue) },
        .text("template") { $0.row.content.template.map { "\($0.name) (\($0.language))" } },
        .text("intentKey") { $0.row.intentKey },
        .time("dueAt") { [.planned, .claimed].contains($0.row.status) ? $0.row.dueAt : nil },
        .id("forerunner") { $0.row.forerunner }, .object("preview", PhonePreview.self) { $0.preview },
        .flag("canSendAgain") { $0.canWrite && $0.row.status.maySendAgain },
        .flag("canCancel") { $0.canWrite && [.planned, .claimed].contains($0.row.status) },
    ]

    /// Why it did not arrive, and what to do about it.
    struct FailureText: TemplateModel {
        let failure: Failure
        let display: PhoneDisplay

        static let fields: [Field<Self>] = [
            .word("text") { MessageWords.failure($0.failure.failureClass) },
            .word("advice") { MessageWords.advice($0.failure.failureClass) }, .text("code") { $0.failure.code },
            .text("detail") { $0.display.text($0.failure.detail) },
        ]
    }

    struct Attempt: TemplateModel {
        let attempt: AttemptsTable.Attempt
        let showsID: Bool

        static let fields: [Field<Self>] = [
            .integer("n") { $0.attempt.number }, .time("at") { $0.attempt.at },
            .word("outcome") { Word("outcome." + ($0.attempt.outcome ?? "pending")) },
            .text("code") { $0.attempt.code },
            .text("providerId") { $0.showsID ? $0.attempt.providerID : nil },
        ]
    }
}
