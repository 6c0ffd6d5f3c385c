import App
import Core
import Crypto
import Database
import Domain
import HTTP
import MetaCloudAPI
import Messaging
import PluginKit
import SQL
import Store
import TestSupport

/// A house in the middle of its work: orders, people, messages in every state, deliveries, and things gone wrong.
struct FilledHouse {
    let house: TestHost
    let ana: Contact
    /// Has said nothing about messages.
    let ben: Contact
    let order: StoredOrder
    /// Its phone cannot be read.
    let unreachable: StoredOrder
    private(set) var messages: [MessageStatus: ID] = [:]
    private(set) var delivery = ID(0)
    /// Somebody who signs in, but not in the tests.
    let guest: TestPerson

    /// What the tests ask the pages for, as a viewer must not see it.
    static let secrets = ["12025550141", "2025550141", "ana@example.com", "wamid.ana"]

    init(isPseudo: Bool = false) throws {
        let client = RecordingHTTPClient()
        // The doctor's question, when a test sends for it.
        client.expect(
            .get, "https://cartwright.example/healthz", failure: HTTPClientError(.notSent, "nobody is outside"))
        house = try TestHost(
            plugins: [MetaCloudAPIPlugin(), SamplePlugin()], client: client, isPseudo: isPseudo,
            settings: ["site.name": "Wool & Wire", "orders.consent_wait": "10m"])
        let now = house.clock.now()
        let yes = ConsentStatement(
            purpose: .orders, action: .grant, at: now, source: "checkout",
            wording: .init(text: "Yes, write to me.", version: "1", language: "en"))
        let host = house.host
        let stored = try host.orders.receive(.sample("1042", phone: "+1 202-555-0141", at: now), consents: [yes]).order
        let other = try host.orders.receive(.sample("1043", name: "Zoé", phone: "12", at: now)).order
        let person = try host.database.read { tx in try stored?.contactID.flatMap { try ContactsTable.find($0, in: tx) }
        }
        guard let stored, let other, let person else { throw Incomplete() }
        (order, unreachable, ana) = (stored, other, person)
        ben = try house.contact("+12025550142", name: "Ben")
        guest = try house.signIn(.manager, email: "guest@shop.example")
        try fillMessages()
        try fillDeliveries()
        try host.database.write { tx in
            try PausesTable.set(
                .template, "meta:order_placed:en", reason: "Template is paused", code: "132015", until: nil, at: now,
                in: tx)
        }
    }

    struct Incomplete: Error {}

    private mutating func fillMessages() throws {
        let outcomes: [(status: MessageStatus, outcome: SendOutcome)] = [
            (.delivered, .accepted(providerID: "wamid.ana", isHeld: false)),
            (
                .failed,
                .refused(
                    Failure(.stopPerson, code: "131026", detail: "Message undeliverable"), httpStatus: 400, after: nil)
            ),
            (.unknown, .unknown(code: "curl_28", detail: "timed out", httpStatus: nil)),
        ]
        for (status, outcome) in outcomes {
            house.channel.answer(outcome)
            messages[status] = try plan(status.rawValue, to: ana.id)
            try house.work()
        }
        try house.host.effects.apply(
            .status(
                StatusUpdate(
                    channel: "sandbox", providerID: "wamid.ana", status: .delivered, at: house.clock.now())))
        messages[.planned] = try plan("planned", to: ben.id)
        messages[.suppressed] = try plan("suppressed", to: ben.id, purpose: .marketing)
        try house.work()
    }

    /// Plans a message about the order.
    func plan(
        _ event: String, to contact: ID, purpose: Purpose = .orders,
        text: String = "*Thank you*, your order is on its way."
    ) throws -> ID {
        let draft = MessageDraft(
            intentKey: "order:woocommerce:1042:\(event):r1", purpose: purpose, contactID: contact,
            content: MessageContent(text: text),
            source: MessageSource(kind: .order, id: order.id, rule: "r1"))
        guard let planned = try house.host.planner.plan([draft]).first else { throw Incomplete() }
        return planned.id
    }

    private mutating func fillDeliveries() throws {
        let now = house.clock.now()
        let body = Array(#"{"id":1042,"note":"<b>hello</b>","lines":[1,2]}"#.utf8)
        let headers = [("X-WC-Webhook-Topic", "order.updated"), ("X-WC-Webhook-Signature", "c2VjcmV0")]
        delivery = try house.host.database.write { tx in
            let stored = try DeliveriesTable.store(
                endpoint: "woocommerce", topic: "order.updated", headers: headers, body: body, lane: "order:1042",
                at: now, in: tx)
            for delivery in try DeliveriesTable.claim(limit: 1, lease: .minutes(1), now: now, in: tx) {
                _ = try DeliveriesTable.finish(
                    delivery, as: .unreadable, note: "delivery.not_an_order: expected text", in: tx)
            }
            try RefusalsTable.add(endpoint: "woocommerce", reason: "signature", at: now, in: tx)
            return stored ?? ID(0)
        }
    }

    /// The addresses of every page of this house that is read.
    var addresses: [String] {
        [
            "/admin", "/admin/search", "/admin/search?q=ana", "/admin/search?q=nobody", "/admin/orders",
            "/admin/orders?q=104", "/admin/orders?status=failed", "/admin/orders/\(order.id)",
            "/admin/orders/\(unreachable.id)", "/admin/contacts", "/admin/contacts?q=ana", "/admin/contacts?q=none",
            "/admin/contacts/\(ana.id)", "/admin/contacts/\(ben.id)", "/admin/messages",
            "/admin/messages?status=failed",
            "/admin/messages?q=1042&purpose=orders&since=2026-11-01&contact=\(ana.id)&order=\(order.id)",
            "/admin/messages?q=nobody", "/admin/deliveries", "/admin/deliveries?state=waiting",
            "/admin/deliveries/\(delivery)", "/admin/plugins", "/admin/account", "/admin/account/second-factor",
            "/admin/users", "/admin/users/\(guest.id)", "/admin/tokens", "/admin/audit", "/admin/audit?kind=setting",
            "/admin/audit?q=zzz&who=nobody",
        ] + messages.values.sorted().map { "/admin/messages/\($0)" }
    }
}

extension Order {
    /// An order that was placed a minute ago.
    static func sample(
        _ number: String, name: String = "Ana", phone: String = "+1 202-555-0141", status: String = "processing",
        at now: Timestamp
    ) -> Order {
        Order(
            shop: "woocommerce", externalID: number, number: number, status: status, createdAt: now - .minutes(1),
            updatedAt: now, total: Money(minorUnits: 2990, currency: "EUR"), paymentMethod: "cod",
            customer: OrderCustomer(
                firstName: name, lastName: "Pérez", email: "\(name.lowercased())@example.com", phone: phone,
                country: "US"),
            items: [OrderItem(name: "Merino wool", quantity: 2, total: Money(minorUnits: 2990, currency: "EUR"))],
            locale: "es")
    }
}

/// A plugin that is no part of the core: it hears what people write, answers at `/sample` and names a host.
struct SamplePlugin: Plugin {
    var declaration: PluginDeclaration {
        PluginDeclaration(
            id: "sample", name: "Sample", version: "1.0.0",
            hosts: [OutsideHost(address: .host("sample.example"), sends: "meta.host.sends", when: "meta.host.when")])
    }

    func parts(_ context: PluginContext) throws -> PluginParts {
        var parts = PluginParts()
        parts.routes = [Route(.get, "/sample", .public, bodyLimit: 0) { _, _ in .text("here\n") }]
        parts.hooks = [Hooks.messageReceived.on { _ in }]
        return parts
    }
}

// What the tests of access end and remove.
extension FilledHouse {
    func addToken() throws -> ID {
        let now = house.clock.now()
        let token = APIToken(id: ID.make(at: now), name: "till", scope: .read, prefix: "cw_abcde", createdAt: now)
        let hash = Token.make().hash
        try house.host.database.write { tx in try TokensTable.add(token, hash: hash, in: tx) }
        return token.id
    }

    func addInvitation() throws -> ID {
        let (now, hash) = (house.clock.now(), Token.make().hash)
        return try house.host.database.write { tx in
            try AccountLinksTable.invite("new@shop.example", as: .viewer, tokenHash: hash, at: now, in: tx).id
        }
    }
}

extension FilledHouse {
    /// One of the jobs that repeat.
    var anyJob: ID {
        (try? house.host.database.read { tx in try JobsTable.repeating(in: tx).first?.id }) ?? ID(0)
    }
}
