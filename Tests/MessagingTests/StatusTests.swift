import Core
import Database
import Domain
import Messaging
import PluginKit
import SQL
import Store
import TestSupport
import Testing

/// Statuses come in any order, twice, or before our own answer: a message only moves forward.
struct StatusTests {
    static let words: [MessageStatus] = [.sent, .delivered, .read]

    /// Every order of sent, delivered and read, each said twice.
    static let orders: [[MessageStatus]] = [
        [.sent, .delivered, .read], [.sent, .read, .delivered], [.delivered, .sent, .read], [.delivered, .read, .sent],
        [.read, .sent, .delivered], [.read, .delivered, .sent],
    ].map { $0 + $0 }

    @Test(arguments: TestDatabase.engines, orders) func `the row ends as far as it came`(
        _ engine: Engine, _ order: [MessageStatus]
    ) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(.accepted(providerID: "p", isHeld: false))
        let id = try house.plan()
        try house.turn()
        var highest = 1
        for status in order {
            try house.status(status, of: "p")
            highest = max(highest, try #require(status.rung))
            #expect(try house.row(id).status.rung == highest)
        }
        let row = try house.row(id)
        #expect(row.sentAt != nil && row.deliveredAt != nil && row.readAt != nil)
    }

    @Test(arguments: TestDatabase.engines) func `failed outranks accepted and sent alone`(_ engine: Engine) throws {
        let failure = Failure(.stopPerson, code: "131026", detail: "not on WhatsApp")
        for (before, after) in [
            (nil, MessageStatus.failed), (.sent, .failed), (.delivered, .delivered), (.read, .read),
        ] as [(MessageStatus?, MessageStatus)] {
            let house = try LedgerHouse(engine)
            house.channel.answer(.accepted(providerID: "p", isHeld: false))
            let id = try house.plan()
            try house.turn()
            if let before { try house.status(before, of: "p") }
            try house.status(.failed, of: "p", failure: failure)
            #expect(try house.row(id).status == after)
            try house.status(.sent, of: "p")
            #expect(try house.row(id).status == after)
        }
    }

    @Test(arguments: TestDatabase.engines) func `a status that names the attempt resolves an unknown`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(.unknown(code: "curl_56", detail: "", httpStatus: nil))
        let id = try house.plan()
        try house.turn()
        #expect(try house.row(id).status == .unknown)
        try house.status(.sent, of: "late", attempt: AttemptRef(messageID: id, number: 1))
        #expect(try house.row(id).status == .sent)
        #expect(try house.row(id).providerID == "late")
        try house.status(.read, of: "late")
        #expect(try house.row(id).status == .read)
    }

    @Test(arguments: TestDatabase.engines) func `good news of the first try stops the repeat`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(.unknown(code: "x", detail: "", httpStatus: nil))
        let id = try house.plan()
        try house.turn()
        house.clock.advance(by: .minutes(15))
        try house.test.database.write { [clock = house.clock] tx in
            _ = try LedgerMoves.resend(id, at: clock.now(), in: tx)
        }
        try house.status(.delivered, of: "late", attempt: AttemptRef(messageID: id, number: 1))
        try house.turn()
        #expect(house.channel.sent.count == 1)
        #expect(try house.row(id).status == .delivered)
    }

    @Test(arguments: TestDatabase.engines) func `bad news of an earlier try says nothing of the later one`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(
            .unknown(code: "x", detail: "", httpStatus: nil), .accepted(providerID: "second", isHeld: false))
        let id = try house.plan()
        try house.turn()
        house.clock.advance(by: .minutes(16))
        try house.turn()
        try house.status(
            .failed, of: "first", attempt: AttemptRef(messageID: id, number: 1),
            failure: Failure(.stopPerson, code: "131026", detail: ""))
        #expect(try house.row(id).status == .accepted)
    }
}
