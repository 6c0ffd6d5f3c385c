import Synchronization
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

        /// What its trail says of the hand-over.
        func lines(channel: String) -> [TrailTable.Line] {
            let note = TrailNote("handed_over", ["attempt": String(row.attempts + 1), "channel": channel])
            return (notes + [note]).map { TrailTable.Line(row.id, $0) }
        }
    }

    /// - Parameter places: what the pacer gave; those that are used are taken out.
    /// - Returns: how many left.
    func depart(
        _ departures: [Departure], from held: HeldNumber, token: ID, channel: any Channel, number: String,
        places: inout [Pacer.Place]
    ) throws -> Int {
        let links = try links(for: departures)
        let ready = try departures.compactMap { try prepare($0, link: links[$0.row.contactID], channel: channel) }
        guard !ready.isEmpty else {
            unfinished.withLock { $0 = nil }
            return 0
        }
        let now = context.clock.now()
        let taken = try context.database.writeBatch { tx in
            let taken = try LedgerMoves.handOver(
                ready.map { ($0.row, $0.recipient) }, token: token, sendingNumber: number, lease: held.lease,
                answerWithin: Self.answerWithin, at: now, in: tx)
            try LedgerMoves.release(ready.map(\.row.id).filter { !taken.contains($0) }, token: token, at: now, in: tx)
            let lines = ready.filter { taken.contains($0.row.id) }.flatMap { $0.lines(channel: channel.id) }
            try TrailTable.add(lines, at: now, in: tx)
            return taken
        }
        unfinished.withLock { $0 = nil }
        for item in ready where taken.contains(item.row.id) {
            var info = item.row.info
            info.status = .handedOver
            info.reason = nil
            context.hooks.fire(Hooks.messageHandedOver, info)
            send(
                item.row, item.call, channel: channel, number: number, departBy: held.departBy,
                place: places.removeFirst())
        }
        return taken.count
    }

    /// The links of those whose messages leave a place for one, made findable in one transaction.
    private func links(for departures: [Departure]) throws -> [ID: String] {
        let contacts = Set(departures.filter(\.body.hasPlaceForLink).map(\.row.contactID))
        return contacts.isEmpty ? [:] : try context.unsubscribeURLs(contacts)
    }

    /// Fills the late links, runs the filters and has the channel build its call. A message whose call cannot be
    /// built is failed here: nothing of it left. A database that is away fails the turn and no message.
    private func prepare(_ departure: Departure, link: String?, channel: any Channel) throws -> Ready? {
        let row = departure.row
        let attempt = AttemptRef(messageID: row.id, number: row.attempts + 1)
        let body = departure.body.filled(with: link)
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

    private func send(
        _ row: LedgerRow, _ call: ChannelCall, channel: any Channel, number: String, departBy: Timestamp.Span,
        place: Pacer.Place
    ) {
        let pending = AnswerRecorder.Pending(
            row: row, attempt: AttemptRef(messageID: row.id, number: row.attempts + 1), channel: channel.id,
            sendingNumber: number)
        switch call {
        case .http(var request):
            request.departAfter = place.notBefore
            request.departBy = departBy
            request.onDeparture = { place.depart() }
            request.repeatable = false
            request.deadline = min(request.deadline, Self.requestDeadline)
            context.client.submit(request) { [recorder] result in
                // A client that tells of no departure has had it by now; else this says nothing new.
                if result.mayHaveLeft { place.depart() } else { place.giveBack() }
                recorder.take(pending, AnswerRecorder.reading(result, by: channel))
            }
        case .local(let deliver):
            place.depart()
            do {
                recorder.take(pending, .outcome(try deliver()))
            } catch {
                recorder.take(
                    pending, .outcome(.unknown(code: "local", detail: String(describing: error), httpStatus: nil)))
            }
        }
    }
}

extension Result where Success == OutboundResponse, Failure == HTTPClientError {
    fileprivate var mayHaveLeft: Bool {
        switch self {
        case .success: true
        case .failure(let error):
            switch error.kind {
            case .unknown, .tooLarge: true
            case .notSent, .departedTooLate, .refused: false
            }
        }
    }
}

extension OutgoingMessage.Body {
    fileprivate var hasPlaceForLink: Bool {
        let texts =
            switch self {
            case .text(let text): [text]
            case .template(let call): call.parameters.map(\.value)
            }
        return texts.contains { $0.contains(MessageContent.unsubscribePlaceholder) }
    }

    /// The same with the person's own link, where there is a place for it.
    fileprivate func filled(with link: String?) -> Self {
        guard let link else { return self }
        func fill(_ text: String) -> String { text.replacing(MessageContent.unsubscribePlaceholder, with: link) }
        switch self {
        case .text(let text): return .text(fill(text))
        case .template(var call):
            for index in call.parameters.indices {
                call.parameters[index].value = fill(call.parameters[index].value)
            }
            return .template(call)
        }
    }
}
