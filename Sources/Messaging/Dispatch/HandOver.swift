import Core
import Database
import Domain
import HTTP
import PluginKit
import SQL
import Store

/// A message that the policy lets go, on its way out.
struct Departure: Sendable {
    let row: LedgerRow
    let person: ContactRef
    let body: OutgoingMessage.Body
}

/// The hand-over: the call is built, the row is moved under the lease's fence, and only what was moved leaves.
extension Dispatcher {
    private struct Ready: Sendable {
        let row: LedgerRow
        let recipient: String
        let call: ChannelCall
        let notes: [TrailNote]
    }

    /// - Returns: how many left.
    func depart(
        _ departures: [Departure], channel: any Channel, number: String, lease: Lease
    ) throws -> Int {
        let ready = try departures.compactMap { try prepare($0, channel: channel) }
        guard !ready.isEmpty else { return 0 }
        // Taken before the UPDATE on a clock that also runs in suspension: whatever delays the commit or this thread
        // afterwards, no byte leaves when another node may hold the lease.
        let departBy = context.clock.sinceBoot() + Self.lease - Self.departureMargin
        let now = context.clock.now()
        let taken = try context.database.writeBatch { tx in
            var taken: Set<ID> = []
            for item in ready {
                let moved = try LedgerMoves.handOver(
                    item.row, to: item.recipient, sendingNumber: number, lease: lease,
                    answerWithin: Self.lease + Self.requestDeadline, at: now, in: tx)
                guard moved else {
                    try LedgerMoves.release(item.row, at: now, in: tx)
                    continue
                }
                for note in item.notes { try TrailTable.add(note, to: item.row.id, at: now, in: tx) }
                let note = TrailNote("handed_over", ["attempt": String(item.row.attempts + 1), "channel": channel.id])
                try TrailTable.add(note, to: item.row.id, at: now, in: tx)
                taken.insert(item.row.id)
            }
            return taken
        }
        for item in ready where taken.contains(item.row.id) {
            var info = item.row.info
            info.status = .handedOver
            info.reason = nil
            context.hooks.fire(Hooks.messageHandedOver, info)
            send(item.row, item.call, channel: channel, number: number, departBy: departBy)
        }
        return taken.count
    }

    /// Fills the late links, runs the filters and has the channel build its call. A message whose call cannot be
    /// built is failed here: nothing of it left. A database that is away fails the turn and no message.
    private func prepare(_ departure: Departure, channel: any Channel) throws -> Ready? {
        let row = departure.row
        let attempt = AttemptRef(messageID: row.id, number: row.attempts + 1)
        let body = try fillLinks(departure.body, for: row.contactID)
        do {
            let (outgoing, trace) = context.hooks.apply(
                Hooks.messageOutgoing,
                to: OutgoingMessage(
                    attempt: attempt, phone: departure.person.phone, bsuid: departure.person.bsuid,
                    purpose: row.purpose, body: body))
            return Ready(
                row: row, recipient: outgoing.phone ?? outgoing.bsuid ?? "", call: try channel.call(outgoing),
                notes: trace.map(\.note))
        } catch {
            let failure = Failure(.ourBug, code: "cannot_build", detail: String(describing: error))
            let now = context.clock.now()
            try context.database.writeBatch { tx in
                guard try LedgerMoves.reject(row, failure, at: now, in: tx) else { return }
                let note = TrailNote("failed", ["code": failure.code, "detail": failure.detail])
                try TrailTable.add(note, to: row.id, at: now, in: tx)
            }
            return nil
        }
    }

    private func fillLinks(_ body: OutgoingMessage.Body, for contact: ID) throws -> OutgoingMessage.Body {
        func fill(_ text: String) throws -> String {
            guard text.contains(MessageContent.unsubscribePlaceholder) else { return text }
            let url = try context.unsubscribeURL(contact)
            return text.split(
                separator: MessageContent.unsubscribePlaceholder, omittingEmptySubsequences: false
            ).joined(separator: url)
        }
        switch body {
        case .text(let text): return .text(try fill(text))
        case .template(var call):
            for index in call.parameters.indices {
                call.parameters[index].value = try fill(call.parameters[index].value)
            }
            return .template(call)
        }
    }

    private func send(
        _ row: LedgerRow, _ call: ChannelCall, channel: any Channel, number: String, departBy: Timestamp.Span
    ) {
        let pending = AnswerRecorder.Pending(
            row: row, attempt: AttemptRef(messageID: row.id, number: row.attempts + 1), channel: channel.id,
            sendingNumber: number)
        switch call {
        case .http(var request):
            request.departBy = departBy
            request.repeatable = false
            request.deadline = min(request.deadline, Self.requestDeadline)
            context.client.submit(request) { [recorder] result in
                recorder.take(pending, AnswerRecorder.reading(result, by: channel))
            }
        case .local(let deliver):
            do {
                recorder.take(pending, .outcome(try deliver()))
            } catch {
                recorder.take(
                    pending, .outcome(.unknown(code: "local", detail: String(describing: error), httpStatus: nil)))
            }
        }
    }
}
