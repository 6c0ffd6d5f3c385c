import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import TestSupport
import Testing

/// What becomes of a message by each answer (the table of docs/decisions/0006-fenced-hand-over.md), and who
/// may touch it meanwhile.
struct DispatchTests {
    static func refused(_ failure: FailureClass, _ code: String = "1", after: Timestamp.Span? = nil) -> SendOutcome {
        .refused(Failure(failure, code: code, detail: "said no"), httpStatus: 400, after: after)
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var outcome: SendOutcome
        var status: MessageStatus
        var attempt: String
        var kinds: [String]
    }

    static let answers: [Answer] = [
        Answer(
            testDescription: "accepted", outcome: .accepted(providerID: "p", isHeld: false), status: .accepted,
            attempt: "accepted", kinds: ["planned", "handed_over", "accepted"]),
        Answer(
            testDescription: "held for quality", outcome: .accepted(providerID: "p", isHeld: true), status: .accepted,
            attempt: "accepted", kinds: ["planned", "handed_over", "accepted"]),
        Answer(
            testDescription: "no telling answer",
            outcome: .unknown(code: "curl_28", detail: "time-out", httpStatus: nil), status: .unknown,
            attempt: "unknown", kinds: ["planned", "handed_over", "unknown"]),
        Answer(
            testDescription: "a rate limit", outcome: refused(.tryLater), status: .planned, attempt: "refused",
            kinds: ["planned", "handed_over", "refused_try_again"]),
        Answer(
            testDescription: "a pair limit", outcome: refused(.slowPerson), status: .planned, attempt: "refused",
            kinds: ["planned", "handed_over", "refused_try_again"]),
        Answer(
            testDescription: "trouble of the provider", outcome: refused(.providerTrouble), status: .planned,
            attempt: "refused", kinds: ["planned", "handed_over", "refused_try_again"]),
        Answer(
            testDescription: "a stopped number", outcome: refused(.stopNumber), status: .planned, attempt: "refused",
            kinds: ["planned", "handed_over", "refused_try_again"]),
        Answer(
            testDescription: "a stopped person", outcome: refused(.stopPerson, "131026"), status: .failed,
            attempt: "refused", kinds: ["planned", "handed_over", "failed"]),
        Answer(
            testDescription: "our bug", outcome: refused(.ourBug, "100"), status: .failed, attempt: "refused",
            kinds: ["planned", "handed_over", "failed"]),
    ]

    @Test(arguments: TestDatabase.engines, answers) func `the ledger tells the truth of`(
        _ engine: Engine, _ answer: Answer
    ) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(answer.outcome)
        let id = try house.plan()
        #expect(try house.turn().handedOver == 1)
        let row = try house.row(id)
        #expect(row.status == answer.status)
        #expect(try house.attempts(id).map(\.outcome) == [answer.attempt])
        #expect(try house.trail(id) == answer.kinds)
        #expect(row.recipient == "+12025550123")
        #expect(house.channel.sent.count == 1)
    }

    struct Result: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var error: HTTPClientError
        var answer: AnswerRecorder.Answer
    }

    static let results: [Result] = [
        Result(
            testDescription: "no connection", error: HTTPClientError(.notSent, "refused", curlCode: 7),
            answer: .notSent(code: "curl_7", detail: "refused", retryNow: false)),
        Result(
            testDescription: "too late to leave", error: HTTPClientError(.departedTooLate, "late"),
            answer: .notSent(code: "departed_too_late", detail: "late", retryNow: true)),
        Result(
            testDescription: "reset after the last byte",
            error: HTTPClientError(.unknown, "reset", lastByteWritten: true, curlCode: 56),
            answer: .outcome(.unknown(code: "curl_56", detail: "reset", httpStatus: nil))),
        Result(
            testDescription: "an answer too large", error: HTTPClientError(.tooLarge, "large", lastByteWritten: true),
            answer: .outcome(.unknown(code: "client", detail: "large", httpStatus: nil))),
        Result(
            testDescription: "a host that nobody declared", error: HTTPClientError(.refused(.undeclaredHost), "host"),
            answer: .outcome(
                .refused(Failure(.ourBug, code: "refused", detail: "host"), httpStatus: nil, after: nil))),
    ]

    @Test(arguments: results) func `a call without an answer is read as`(_ result: Result) {
        #expect(AnswerRecorder.reading(.failure(result.error), by: ScriptedChannel()) == result.answer)
    }

    @Test(arguments: TestDatabase.engines) func `a rate limit is met five times and then is the end`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let id = try house.plan()
        for _ in 1...6 { house.channel.answer(Self.refused(.tryLater, "130429")) }
        for turn in 1...5 {
            try house.turn()
            let row = try house.row(id)
            #expect(row.status == .planned)
            #expect(row.tries.rate == turn)
            #expect(row.dueAt > house.clock.now())
            house.clock.advance(by: .minutes(11))
        }
        try house.turn()
        #expect(try house.row(id).status == .failed)
        #expect(try house.row(id).failure?.code == "130429")
        #expect(house.channel.sent.count == 6)
    }

    @Test(arguments: TestDatabase.engines) func `a message is not sent before it is due`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        let id = try Planner(house.context).plan([house.draft("k", delay: .minutes(5))])[0].id
        #expect(try house.turn().handedOver == 0)
        house.clock.advance(by: .minutes(5))
        #expect(try house.turn().handedOver == 1)
        #expect(try house.row(id).status == .accepted)
    }

    @Test(arguments: TestDatabase.engines) func `an intent is one row, however often it is planned`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let first = try house.plan("same")
        #expect(try Planner(house.context).plan([house.draft("same")]) == [.alreadyThere(first)])
        try house.turn()
        #expect(try Planner(house.context).plan([house.draft("same")]) == [.alreadyThere(first)])
        #expect(try house.turn().handedOver == 0)
        #expect(house.channel.sent.count == 1)
    }

    @Test(arguments: TestDatabase.engines) func `a stopped row lives again only if nothing of it may have arrived`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let untouched = try house.plan("untouched")
        let arrived = try house.plan("arrived")
        house.channel.answer(.unknown(code: "x", detail: "", httpStatus: nil))
        try house.test.database.write { tx in
            try tx.run("UPDATE messages SET status = 'suppressed' WHERE id = \(untouched)")
        }
        try house.turn()
        try house.test.database.write { tx in
            try tx.run("UPDATE messages SET status = 'cancelled' WHERE id = \(arrived)")
        }
        let planner = Planner(house.context)
        #expect(try planner.plan([house.draft("untouched")]) == [.revived(untouched)])
        #expect(try planner.plan([house.draft("arrived")]) == [.alreadyThere(arrived)])
    }

    @Test(arguments: TestDatabase.engines) func `a message sent again is a row of its own`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(Self.refused(.ourBug))
        let first = try house.plan("k")
        #expect(try Planner(house.context).sendAgain(first) == nil)
        try house.turn()
        let second = try #require(try Planner(house.context).sendAgain(first))
        let third = try #require(try Planner(house.context).sendAgain(first))
        #expect(try house.row(second).intentKey == "k#2")
        #expect(try house.row(third).intentKey == "k#3")
        #expect(try house.row(second).forerunner == first)
    }

    @Test(arguments: TestDatabase.engines) func `a call that cannot be built fails the message and sends nothing`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        house.channel.refuseToBuild()
        let id = try house.plan()
        try house.turn()
        #expect(try house.row(id).status == .failed)
        #expect(try house.row(id).failure?.failureClass == .ourBug)
        #expect(try house.attempts(id).isEmpty)
    }

    @Test(arguments: TestDatabase.engines) func `a node that lost the number's lease hands nothing over`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let other = try LedgerHouse(engine, owner: "node-2", sharing: house)
        try house.plan()
        try other.test.database.write { tx in
            _ = try LeasesTable.acquire("dispatch:scripted:number-1", owner: "node-2", for: .seconds(30), in: tx)
        }
        #expect(try house.turn().handedOver == 0)
        #expect(house.channel.sent.isEmpty)
        #expect(try other.turn().handedOver == 1)
    }

    @Test(arguments: TestDatabase.engines) func `claims of an ended lease are free, silent hand-overs are unknown`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        let silent = try house.plan("silent")
        _ = try house.dispatcher.turn()  // its answer is never recorded
        let claimed = try house.plan("claimed")
        try house.test.database.writeBatch { [clock = house.clock] tx in
            let lease = try #require(
                try LeasesTable.acquire("dispatch:scripted:number-1", owner: "node-1", for: .seconds(30), in: tx))
            _ = try LedgerMoves.claim(
                limit: 1, channel: "scripted", token: ID(5), under: lease, for: .seconds(30), at: clock.now(), in: tx)
        }
        try house.endLeases()
        let other = try LedgerHouse(engine, owner: "node-2", sharing: house)
        // A number that was taken over rests for a second: its former holder may have sent up to its limit.
        #expect(try other.turn().handedOver == 0)
        other.clock.advance(by: .milliseconds(1050))
        try other.turn()
        #expect(try house.row(claimed).status == .accepted)
        #expect(try house.row(silent).status == .unknown)
        #expect(try house.attempts(silent).map(\.outcome) == ["unknown"])
        // The late answer still finds its attempt.
        try house.recorder.record()
        #expect(try house.row(silent).status == .accepted)
    }

    @Test(arguments: TestDatabase.engines) func `an unconfirmed order message is sent once more and marked`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(
            .unknown(code: "x", detail: "", httpStatus: nil), .unknown(code: "x", detail: "", httpStatus: nil))
        let id = try house.plan()
        try house.turn()
        house.clock.advance(by: .minutes(14))
        try house.turn()
        #expect(house.channel.sent.count == 1)
        house.clock.advance(by: .minutes(1))
        try house.turn()
        #expect(house.channel.sent.count == 2)
        #expect(try house.row(id).possibleDuplicate)
        house.clock.advance(by: .hours(1))
        try house.turn()
        #expect(house.channel.sent.count == 2)
        #expect(try house.row(id).status == .unknown)
    }

    @Test(arguments: TestDatabase.engines) func `a test message stays unknown`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(.unknown(code: "x", detail: "", httpStatus: nil))
        let id = try house.plan("test:1", purpose: .test)
        try house.turn()
        house.clock.advance(by: .hours(2))
        try house.turn()
        #expect(house.channel.sent.count == 1)
        #expect(try house.row(id).status == .unknown)
    }

    @Test(arguments: TestDatabase.engines) func `transactional messages go first`(_ engine: Engine) throws {
        let house = try LedgerHouse(engine)
        house.channel.change { $0.messagesPerSecond = 1 }
        let grant = ConsentStatement(purpose: .marketing, action: .grant, at: house.clock.now(), source: "test")
        _ = try ConsentDesk(house.context).record([grant], by: house.contact.id)
        let marketing = try house.plan("m", purpose: .marketing)
        let order = try house.plan("o")
        try house.turn()
        #expect(try house.row(order).status == .accepted)
        #expect(try house.row(marketing).status == .planned)
    }

    @Test(arguments: TestDatabase.engines) func `no more leave in a second than the number may send`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        house.channel.change { $0.messagesPerSecond = 3 }
        for n in 1...5 { try house.plan("k\(n)") }
        #expect(try house.turn().handedOver == 3)
        let waiting = try house.turn()
        #expect(waiting.handedOver == 0)
        #expect(waiting.next.map { $0 > house.clock.now() } == true)
        house.clock.advance(by: .milliseconds(1050))
        #expect(try house.turn().handedOver == 2)
    }

    @Test(arguments: TestDatabase.engines) func `a pause of the number holds everything until it is lifted`(
        _ engine: Engine
    ) throws {
        let house = try LedgerHouse(engine)
        house.channel.answer(Self.refused(.stopNumber, "190"))
        let first = try house.plan("a")
        try house.turn()
        let second = try house.plan("b")
        house.clock.advance(by: .minutes(6))
        try house.turn()
        #expect(house.channel.sent.count == 1)
        for id in [first, second] { #expect(try house.row(id).reason == "reason.number_paused") }
        let now = house.clock.now()
        try house.test.database.write { tx in
            _ = try PausesTable.lift(.number, "scripted:number-1", in: tx)
            try LedgerUpkeep.dueNow(waitingFor: "reason.number_paused", at: now, in: tx)
        }
        #expect(try house.turn().handedOver == 2)
    }
}
