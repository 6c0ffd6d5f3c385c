package import Core
package import Domain
package import PluginKit
import Synchronization
import Text

/// Orders in memory. Nothing is compared: what is received is stored and shown.
package final class OrdersDouble: Orders {
    private struct State {
        var stored: [StoredOrder] = []
        var consents: [ConsentStatement] = []
        var notes: [(order: ID, text: String)] = []
        var removed: [(shop: String, actor: String)] = []
    }

    private let state = Mutex(State())

    package var notes: [(order: ID, text: String)] { state.withLock { $0.notes } }
    package var removed: [(shop: String, actor: String)] { state.withLock { $0.removed } }

    package var stored: [StoredOrder] { state.withLock { $0.stored } }
    package var consents: [ConsentStatement] { state.withLock { $0.consents } }

    package func add(_ order: StoredOrder) { state.withLock { $0.stored.append(order) } }

    package func receive(_ order: Order, consents: [ConsentStatement]) throws -> StoredOrder {
        state.withLock { state in
            let known = state.stored.firstIndex {
                $0.order.shop == order.shop && $0.order.externalID == order.externalID
            }
            state.consents += consents
            if let known {
                state.stored[known].order = order
                return state.stored[known]
            }
            let new = StoredOrder(
                id: ID.make(at: order.createdAt), contactID: nil, phoneProblem: nil, isRemoved: false,
                firstSeenAt: order.createdAt, order: order)
            state.stored.append(new)
            return new
        }
    }

    package func find(_ id: ID) throws -> StoredOrder? { stored.first { $0.id == id } }

    package func recent(limit: Int) throws -> [StoredOrder] {
        Array(stored.sorted { $0.order.createdAt > $1.order.createdAt }.prefix(limit))
    }

    package func statuses() throws -> [String] { Set(stored.map(\.order.status)).sorted() }

    package func note(_ text: String, on order: ID) throws { state.withLock { $0.notes.append((order, text)) } }

    package func removeAll(shop: String, by actor: String) throws {
        state.withLock { state in
            state.stored.removeAll { $0.order.shop == shop }
            state.removed.append((shop, actor))
        }
    }
}

/// People in memory.
package final class ContactsDouble: Contacts {
    private struct State {
        var people: [ContactRef] = []
        var consents: [ID: [Purpose: ConsentState]] = [:]
    }

    private let state = Mutex(State())

    package func add(_ person: ContactRef, consents: [Purpose: ConsentState] = [:]) {
        state.withLock {
            $0.people.append(person)
            $0.consents[person.id] = consents
        }
    }

    package func find(_ id: ID) throws -> ContactRef? { state.withLock { $0.people.first { $0.id == id } } }
    package func find(phone: String) throws -> ContactRef? {
        state.withLock { $0.people.first { $0.phone == phone } }
    }

    package func consents(of id: ID) throws -> [Purpose: ConsentState] {
        state.withLock { $0.consents[id] ?? [:] }
    }

    /// By the given countries, then by the United States.
    package func readPhone(_ raw: String, countries: [String]) -> Result<String, PhoneUnreadable> {
        PhoneNumber.read(raw, countries: countries + ["US"]).map(\.e164).mapError { PhoneUnreadable($0.id) }
    }
}

/// A ledger that takes everything and sends nothing.
package final class MessagesDouble: Messages {
    package struct Test: Sendable, Equatable {
        package var id: ID
        package var phone: String
        package var content: MessageContent
    }

    private struct State {
        var planned: [MessageDraft] = []
        var tests: [Test] = []
        var openWindows: Set<ID> = []
    }

    private let state = Mutex(State())

    package var planned: [MessageDraft] { state.withLock { $0.planned } }
    package var tests: [Test] { state.withLock { $0.tests } }

    package func openWindow(_ contactID: ID) { state.withLock { _ = $0.openWindows.insert(contactID) } }

    /// A key that is planned already changes nothing.
    package func plan(_ drafts: [MessageDraft]) throws -> [ID] {
        state.withLock { state in
            drafts.compactMap { draft in
                guard !state.planned.contains(where: { $0.intentKey == draft.intentKey }) else { return nil }
                state.planned.append(draft)
                return ID(Int64(state.planned.count))
            }
        }
    }

    package func planTest(to phone: String, content: MessageContent) throws -> ID {
        state.withLock { state in
            let test = Test(id: ID(Int64(900_000 + state.tests.count)), phone: phone, content: content)
            state.tests.append(test)
            return test.id
        }
    }

    package func freeTextAllowed(contactID: ID) throws -> Bool {
        state.withLock { $0.openWindows.contains(contactID) }
    }
}

/// A channel's templates as they were stored.
package final class ChannelTemplatesDouble: ChannelTemplates {
    private let stored = Mutex<[String: [ChannelTemplate]]>([:])

    package func all(channel: String) throws -> [ChannelTemplate] { stored.withLock { $0[channel] ?? [] } }

    package func store(_ templates: [ChannelTemplate], channel: String) throws {
        stored.withLock { $0[channel] = templates }
    }
}

/// Webhooks that were stored or refused.
package final class DeliveriesDouble: Deliveries {
    package struct Stored: Sendable, Equatable {
        package var endpoint: String
        package var topic: String
        package var headers: [String: String]
        package var body: [UInt8]
        package var lane: String?
    }

    package struct Refusal: Sendable, Equatable {
        package var endpoint: String
        package var reason: String

        package init(endpoint: String, reason: String) {
            self.endpoint = endpoint
            self.reason = reason
        }
    }

    private struct State {
        var stored: [Stored] = []
        var refusals: [Refusal] = []
        var failure: (any Error)?
    }

    private let state = Mutex(State())

    package var stored: [Stored] { state.withLock { $0.stored } }
    package var refusals: [Refusal] { state.withLock { $0.refusals } }

    /// From now on nothing can be stored.
    package func fail(_ error: any Error) { state.withLock { $0.failure = error } }

    package func store(
        endpoint: String, topic: String, headers: [(String, String)], body: [UInt8], lane: String?
    ) throws -> Bool {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            if state.stored.contains(where: { $0.topic == topic && $0.body == body }) { return false }
            state.stored.append(
                Stored(
                    endpoint: endpoint, topic: topic, headers: Dictionary(headers) { first, _ in first }, body: body,
                    lane: lane))
            return true
        }
    }

    package func countRefusal(endpoint: String, reason: String) {
        state.withLock { $0.refusals.append(Refusal(endpoint: endpoint, reason: reason)) }
    }
}

/// What a plugin learned of its shop by asking.
package final class ShopNewsDouble: ShopNews {
    private let list = Mutex<[ToldByShop]>([])

    package var told: [ToldByShop] { list.withLock { $0 } }

    package func take(_ told: [ToldByShop]) throws { list.withLock { $0 += told } }
}

/// What a plugin told of messages on their way.
package final class ReceiptsDouble: Receipts {
    private let told = Mutex<(updates: [StatusUpdate], messages: [InboundMessage])>(([], []))

    package var updates: [StatusUpdate] { told.withLock { $0.updates } }
    package var messages: [InboundMessage] { told.withLock { $0.messages } }

    package func status(_ update: StatusUpdate) throws { told.withLock { $0.updates.append(update) } }
    package func received(_ message: InboundMessage) throws { told.withLock { $0.messages.append(message) } }
}
