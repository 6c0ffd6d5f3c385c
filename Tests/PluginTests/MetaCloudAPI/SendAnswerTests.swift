import Core
import Domain
import HTTP
@testable import MetaCloudAPI
import PluginKit
import TestSupport
import Testing

@Suite struct `Meta's answer to a send` {
    private func outcome(_ status: Int, _ body: String, headers: Headers = [:]) throws -> SendOutcome {
        try MetaHouse().channel.outcome(
            of: OutboundResponse(status: status, headers: headers, body: Array(body.utf8)))
    }

    private static func error(_ code: Int, _ more: String = "") -> String {
        #"{"error":{"message":"(#\#(code)) No","code":\#(code)\#(more),"error_data":{"details":"Because."}}}"#
    }

    @Test func `accepts with the message's id`() throws {
        let body = #"{"messaging_product":"whatsapp","contacts":[{"input":"+1"}],"messages":[{"id":"wamid.A"}]}"#
        #expect(try outcome(200, body) == .accepted(providerID: "wamid.A", isHeld: false))
    }

    @Test(arguments: [("accepted", false), ("held_for_quality_assessment", true), ("paused", false)])
    func `accepts a template that may be held back for a while`(word: String, isHeld: Bool) throws {
        let body = #"{"messages":[{"id":"wamid.A","message_status":"\#(word)"}]}"#
        #expect(try outcome(200, body) == .accepted(providerID: "wamid.A", isHeld: isHeld))
    }

    @Test(arguments: [
        (200, "{}", "no_message_id"), (200, "", "no_message_id"), (200, "<html>", "no_message_id"),
        (201, #"{"messages":[{"id":""}]}"#, "no_message_id"), (200, #"{"messages":[{"id":"wamid.A"#, "no_message_id"),
        (500, "", "http_500"), (502, "<html>Bad gateway</html>", "http_502"), (503, #"{"error":"busy"}"#, "http_503"),
        (504, #"{"error":{"message":"no code"}}"#, "http_504"), (101, "", "http_101"),
    ])
    func `leaves in the dark when it does not tell`(status: Int, body: String, code: String) throws {
        guard case .unknown(let found, _, let httpStatus) = try outcome(status, body) else {
            Issue.record("\(status) told something")
            return
        }
        #expect(found == code)
        #expect(httpStatus == status)
    }

    /// Every class, each code with the status that Meta's tables give it.
    @Test(arguments: [
        (401, 190, FailureClass.stopNumber), (401, 0, .stopNumber), (500, 3, .stopNumber), (403, 10, .stopNumber),
        (403, 200, .stopNumber), (403, 299, .stopNumber), (403, 131005, .stopNumber), (403, 368, .stopNumber),
        (400, 33, .stopNumber), (400, 131030, .stopNumber), (403, 131031, .stopNumber), (400, 131037, .stopNumber),
        (400, 131042, .stopNumber), (500, 131045, .stopNumber), (400, 133010, .stopNumber), (429, 131048, .stopNumber),
        (400, 131064, .stopNumber),
        (400, 4, .tryLater), (400, 17, .tryLater), (400, 613, .tryLater), (400, 80007, .tryLater),
        (429, 130429, .tryLater), (400, 130429, .tryLater), (503, 2, .tryLater), (500, 131016, .tryLater),
        (500, 131057, .tryLater), (503, 133004, .tryLater),
        (400, 131056, .slowPerson), (429, 131056, .slowPerson), (400, 131049, .slowPerson),
        (400, 130403, .stopPerson), (400, 130472, .stopPerson), (403, 130497, .stopPerson), (400, 131021, .stopPerson),
        (400, 131026, .stopPerson), (400, 131050, .stopPerson), (400, 131062, .stopPerson),
        (400, 132000, .stopTemplate), (404, 132001, .stopTemplate), (400, 132007, .stopTemplate),
        (400, 132012, .stopTemplate), (400, 132015, .stopTemplate), (400, 132016, .stopTemplate),
        (400, 134100, .stopTemplate),
        (400, 100, .ourBug), (401, 104, .ourBug), (400, 131008, .ourBug), (400, 131009, .ourBug),
        (400, 131047, .ourBug),
        (400, 132005, .ourBug), (400, 132018, .ourBug), (400, 135000, .ourBug), (400, 424_242, .ourBug),
        (500, 131000, .providerTrouble), (400, 131000, .providerTrouble), (500, 1, .providerTrouble),
        (500, 424_242, .providerTrouble), (503, 135000, .providerTrouble), (429, 424_242, .tryLater),
    ])
    func `refuses by the code, whatever the status`(status: Int, code: Int, expected: FailureClass) throws {
        let answer = try outcome(status, Self.error(code))
        guard case .refused(let failure, let httpStatus, _) = answer else {
            Issue.record("\(code) is \(answer)")
            return
        }
        let named = Failure(expected, code: String(code), detail: "Because.", isUnreachable: code == 131026)
        #expect(failure == named)
        #expect(httpStatus == status)
    }

    @Test func `believes Meta that an error will pass`() throws {
        guard case .refused(let failure, _, _) = try outcome(400, Self.error(424_242, #","is_transient":true"#)) else {
            Issue.record("not a refusal")
            return
        }
        #expect(failure.failureClass == .tryLater)
    }

    @Test(arguments: [(301, FailureClass.ourBug), (302, .ourBug), (400, .ourBug), (404, .ourBug), (429, .tryLater)])
    func `refuses by the status where no error of Meta's came with it`(status: Int, expected: FailureClass) throws {
        guard case .refused(let failure, let httpStatus, _) = try outcome(status, "<html>no</html>") else {
            Issue.record("not a refusal")
            return
        }
        #expect(failure.failureClass == expected)
        #expect(failure.code == "http_\(status)")
        #expect(httpStatus == status)
    }

    @Test(arguments: [
        (429, 130429, "7", Timestamp.Span.seconds(7)), (429, 130429, "", nil), (400, 4, "", .minutes(10)),
        (400, 4, "3600", .hours(1)), (400, 4, "1", .minutes(10)), (500, 131057, "", .minutes(1)),
        (400, 131049, "", .hours(24)), (429, 130429, "Fri, 20 Nov 2026 10:29:18 GMT", .minutes(1)),
    ])
    func `says how long to wait`(status: Int, code: Int, field: String, expected: Timestamp.Span?) throws {
        let headers: Headers = field.isEmpty ? [:] : ["Retry-After": field]
        guard case .refused(_, _, let after) = try outcome(status, Self.error(code), headers: headers) else {
            Issue.record("not a refusal")
            return
        }
        #expect(after == expected)
    }

    @Test(.enabled(if: !MetaExamples.names.isEmpty), arguments: MetaExamples.names("error-"))
    func `is read in every published error`(name: String) throws {
        let house = try MetaHouse()
        let expected: [String: FailureClass] = [
            "190": .stopNumber, "131056": .slowPerson, "130429": .tryLater, "132001": .stopTemplate,
            "132000": .stopTemplate, "100": .ourBug, "80007": .tryLater, "131000": .providerTrouble,
            "131016": .tryLater, "368": .stopNumber, "133010": .stopNumber, "132015": .stopTemplate, "10": .stopNumber,
            "4": .tryLater, "131042": .stopNumber, "131047": .ourBug, "131031": .stopNumber,
        ]
        let outcome = house.channel.outcome(of: OutboundResponse(status: 400, body: try MetaExamples.bytes(name)))
        guard case .refused(let failure, _, _) = outcome else {
            Issue.record("\(name): \(outcome)")
            return
        }
        #expect(failure.failureClass == expected[failure.code])
        #expect(name.hasPrefix("error-\(failure.code)-"))
        #expect(!failure.detail.isEmpty)
    }

    @Test(.enabled(if: !MetaExamples.names.isEmpty), arguments: MetaExamples.names("response-send-"))
    func `is read in every published acceptance`(name: String) throws {
        let house = try MetaHouse()
        let outcome = house.channel.outcome(of: OutboundResponse(status: 200, body: try MetaExamples.bytes(name)))
        guard case .accepted(let id, let isHeld) = outcome else {
            Issue.record("\(name): \(outcome)")
            return
        }
        #expect(id.hasPrefix("wamid."))
        #expect(isHeld == name.contains("held"))
    }
}
