import App
import Core
import Database
import Domain
import Messaging
import PluginKit
import SQL
import Store
import TestSupport
import Testing

/// A node without workers, while nobody else works either.
struct WorkersWatchTests {
    private let all: AlertHouse
    private var house: TestHost { all.house }

    init() throws { all = try AlertHouse() }

    /// Says of a process of this role that it has been there for two minutes.
    private func appear(_ role: Node.Role, id: String) throws {
        let now = SystemClock().now()
        try house.host.database.write { tx in
            try NodesTable.beat(Node(id: id, name: id, role: role, version: "1.0.0"), clock: now, in: tx)
            try tx.run("UPDATE nodes SET started_at = started_at - 120000 WHERE id = \(id)")
        }
    }

    private func planMessage() throws {
        let ana = try house.contact(grants: [.orders])
        let draft = MessageDraft(
            intentKey: "test:a", purpose: .test, contactID: ana.id, content: MessageContent(text: "a"),
            source: MessageSource(kind: .api))
        _ = try house.host.planner.plan([draft])
    }

    private var isOpen: Bool {
        get throws {
            try house.host.database.read { tx in try AlertsTable.find("host.workers", in: tx) }
                .map { $0.closedAt == nil } ?? false
        }
    }

    @Test func `tells that something waits, once, and a worker takes it back`() throws {
        try appear(.web, id: "web")
        try WorkersWatch(house.host).look()
        #expect(try !isOpen, "nothing is due")
        try planMessage()
        try WorkersWatch(house.host).look()
        #expect(try !isOpen, "it may have come this moment")
        house.clock.advance(by: .minutes(2))
        try WorkersWatch(house.host).look()
        #expect(try isOpen)
        try WorkersWatch(house.host).look()
        #expect(all.mail.mails.count == 1)
        #expect(try all.states().count == 1)
        #expect(try house.get("/admin", as: house.person()).text.contains("Nobody does the work"))

        try appear(.worker, id: "worker")
        try HouseWatch(house.host, disk: { nil }).look()
        #expect(try !isOpen)
    }

    @Test func `says nothing while somebody works, nor right after a start`() throws {
        try planMessage()
        house.clock.advance(by: .minutes(2))
        let now = SystemClock().now()
        try house.host.database.write { tx in
            try NodesTable.beat(Node(id: "web", name: "web", role: .web, version: "1.0.0"), clock: now, in: tx)
        }
        try WorkersWatch(house.host).look()
        #expect(try !isOpen)
        try appear(.web, id: "old")
        try appear(.serve, id: "both")
        try WorkersWatch(house.host).look()
        #expect(try !isOpen)
    }
}
