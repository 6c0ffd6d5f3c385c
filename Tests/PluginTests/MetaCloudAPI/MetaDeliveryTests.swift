import Core
import Domain
@testable import MetaCloudAPI
import PluginKit
import Templating
import TestSupport
import Testing

@Suite struct `A delivery of Meta's` {
    private let house: MetaHouse

    init() throws { house = try MetaHouse() }

    // MARK: Statuses

    @Test(arguments: [
        ("sent", MessageStatus.sent), ("delivered", .delivered), ("read", .read), ("played", .read),
    ])
    func `tells how far a message came`(word: String, status: MessageStatus) {
        let effects = house.effects(
            #"{"statuses":[{"id":"wamid.A","status":"\#(word)","timestamp":"1790000200","recipient_id":"12025550123","biz_opaque_callback_data":"77.2"}]}"#
        )
        let expected = StatusUpdate(
            channel: "meta", providerID: "wamid.A", attempt: AttemptRef(messageID: ID(77), number: 2), status: status,
            at: Timestamp(seconds: 1_790_000_200))
        #expect(effects == [.status(expected)])
    }

    @Test func `tells why a message failed`() {
        let effects = house.effects(
            #"{"statuses":[{"id":"wamid.A","status":"failed","timestamp":1790000200,"biz_opaque_callback_data":"cart:1","errors":[{"code":131026,"title":"Message undeliverable","message":"Undeliverable","error_data":{"details":"No WhatsApp."}}]}]}"#
        )
        let expected = StatusUpdate(
            channel: "meta", providerID: "wamid.A", status: .failed, at: Timestamp(seconds: 1_790_000_200),
            failure: Failure(.stopPerson, code: "131026", detail: "No WhatsApp.", isUnreachable: true))
        #expect(effects == [.status(expected)])
    }

    @Test func `makes a stop of the failure that echoes one`() {
        let effects = house.effects(
            #"{"statuses":[{"id":"wamid.A","status":"failed","timestamp":"1790000200","recipient_id":"12025550123","recipient_user_id":"US.1","errors":[{"code":131050,"title":"Stopped"}]}]}"#
        )
        #expect(effects.count == 2)
        let at = Timestamp(seconds: 1_790_000_200)
        #expect(
            effects.last
                == .preference(
                    PreferenceChange(
                        channel: "meta", phone: "+12025550123", bsuid: "US.1", stops: true, at: at, detail: "Stopped")))
    }

    @Test(arguments: ["deleted", "warning", "accepted", "something_new"])
    func `keeps a status that it does not know as it came`(word: String) {
        let effects = house.effects(#"{"statuses":[{"id":"wamid.A","status":"\#(word)","timestamp":"1790000200"}]}"#)
        #expect(effects == [.notice(field: "messages")])
    }

    // MARK: Messages

    private static let contact = #""contacts":[{"profile":{"name":"Ada Example"},"wa_id":"12025550123"}]"#

    private func received(_ message: String) -> InboundMessage? {
        let effects = house.effects("{\(Self.contact),\"messages\":[\(message)]}")
        guard effects.count == 1, case .received(let message) = effects[0] else { return nil }
        return message
    }

    @Test(
        arguments: [
            (#""type":"text","text":{"body":"Is it there?"}"#, "text", "Is it there?"),
            (#""type":"button","button":{"payload":"OPT_OUT","text":"Stop"}"#, "button", "Stop"),
            (
                #""type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"a","title":"Yes"}}"#,
                "interactive", "Yes"
            ),
            (
                #""type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"a","title":"Red","description":"x"}}"#,
                "interactive", "Red"
            ),
            (#""type":"image","image":{"id":"1","caption":"like this"}"#, "image", "like this"),
            (#""type":"audio","audio":{"id":"1","voice":true}"#, "audio", nil),
            (#""type":"unsupported","errors":[{"code":131051}]"#, "unsupported", nil),
            (#""type":"something_new","something_new":7"#, "something_new", nil),
        ] as [(String, String, String?)])
    func `says what a person wrote, of any type`(content: String, type: String, text: String?) throws {
        let message = try #require(
            received(
                #"{"from":"12025550123","id":"wamid.IN","timestamp":"1790000100",\#(content),"context":{"id":"wamid.A"}}"#
            ))
        #expect(
            message
                == InboundMessage(
                    channel: "meta", providerID: "wamid.IN", phone: "+12025550123", profileName: "Ada Example",
                    at: Timestamp(seconds: 1_790_000_100), type: type, text: text, repliesTo: "wamid.A"))
    }

    @Test(
        arguments: [
            (#""from":"12025550123""#, "+12025550123", nil),
            (#""from":"12025550123","from_user_id":"US.1349""#, "+12025550123", "US.1349"),
            (#""from_user_id":"US.1349""#, nil, "US.1349"), (#""from":"US.1349""#, nil, "US.1349"),
        ] as [(String, String?, String?)])
    func `knows the person by phone, by user id, or both`(names: String, phone: String?, bsuid: String?) throws {
        let message = try #require(
            received(#"{\#(names),"id":"wamid.IN","timestamp":"1790000100","type":"text","text":{"body":"Hello"}}"#))
        #expect(message.phone == phone)
        #expect(message.bsuid == bsuid)
    }

    @Test func `gives each message its own writer's name`() {
        let effects = house.effects(
            #"{"contacts":[{"profile":{"name":"Ada"},"wa_id":"12025550123"},{"profile":{"name":"Bo"},"wa_id":"12025550124"}],"messages":[{"from":"12025550124","id":"1","timestamp":"1790000100","type":"text","text":{"body":"a"}},{"from":"12025550199","id":"2","timestamp":"1790000100","type":"text","text":{"body":"b"}}]}"#
        )
        let names = effects.map { effect -> String? in
            guard case .received(let message) = effect else { return "none" }
            return message.profileName
        }
        #expect(names == ["Bo", nil])
    }

    @Test(arguments: [
        #"{"from":"12025550123","id":"1","timestamp":"1790000100","type":"reaction","reaction":{"message_id":"a","emoji":"👍"}}"#,
        #"{"from":"12025550123","id":"1","timestamp":"1790000100","type":"system","system":{"type":"user_changed_number"}}"#,
        #"{"from":"12025550123","id":"1","group_id":"g","timestamp":"1790000100","type":"text","text":{"body":"Hi all"}}"#,
    ])
    func `counts nothing as written that was not said to us`(message: String) {
        #expect(house.effects("{\(Self.contact),\"messages\":[\(message)]}") == [.notice(field: "messages")])
    }

    // MARK: Preferences, and the rest

    @Test(arguments: [("stop", true), ("resume", false)])
    func `tells a choice made in WhatsApp`(value: String, stops: Bool) {
        let effects = house.effects(
            field: "user_preferences",
            #"{"user_preferences":[{"wa_id":"12025550123","detail":"Asked","category":"marketing_messages","value":"\#(value)","timestamp":1790000400}]}"#
        )
        let expected = PreferenceChange(
            channel: "meta", phone: "+12025550123", bsuid: nil, stops: stops, at: Timestamp(seconds: 1_790_000_400),
            detail: "Asked")
        #expect(effects == [.preference(expected)])
    }

    @Test(arguments: [
        "message_template_status_update", "phone_number_quality_update", "account_update", "something_new",
    ])
    func `keeps news of templates, numbers and accounts as they came`(field: String) {
        #expect(house.effects(field: field, #"{"event":"APPROVED"}"#) == [.notice(field: field)])
    }

    @Test func `keeps errors of the account as they came`() {
        #expect(
            house.effects(#"{"errors":[{"code":130429,"title":"Rate limit hit"}]}"#) == [.notice(field: "messages")])
    }

    // MARK: What cannot be read

    @Test func `loses nothing of a delivery for one part that cannot be read`() {
        let sound = #"{"id":"wamid.A","status":"sent","timestamp":"1790000200"}"#
        let text =
            #"{"from":"12025550123","id":"wamid.IN","timestamp":"1790000100","type":"text","text":{"body":"STOP"}}"#
        let broken = [
            #"{"status":"sent"}"#, "7", "null", #"{"id":"a","status":"sent","timestamp":"soon"}"#,
            #"{"id":"a","status":"sent","timestamp":"99999999999999999999"}"#,
        ]
        let changes = [
            #"{"field":"messages","value":{"statuses":[\#((broken + [sound]).joined(separator: ","))]}}"#, "7",
            #"{"field":"messages"}"#, #"{"value":{}}"#, #"{"field":"messages","value":{"statuses":"no"}}"#,
            #"{"field":"messages","value":{"messages":[{"type":"text"},{"id":"x","type":"text","timestamp":"1"},\#(text)]}}"#,
        ]
        let body =
            #"{"object":"whatsapp_business_account","entry":[7,{"changes":[\#(changes.joined(separator: ","))]}]}"#
        guard case .effects(let effects) = house.meaning(of: Array(body.utf8)) else {
            Issue.record("unreadable as a whole")
            return
        }
        let statuses = effects.filter { if case .status = $0 { true } else { false } }
        let messages = effects.filter { if case .received = $0 { true } else { false } }
        #expect(statuses.count == 1)
        #expect(messages.count == 1)
    }

    @Test(arguments: [
        ("", "delivery.not_json"), ("{", "delivery.not_json"), ("[]", "delivery.not_a_meta_event"),
        (#"{"object":"page","entry":[]}"#, "delivery.not_a_meta_event"),
        (#"{"object":"whatsapp_business_account"}"#, "delivery.not_a_meta_event"),
        (#"{"object":"whatsapp_business_account","entry":[{"changes":[{"field":7}]}]}"#, "delivery.not_a_meta_event"),
    ])
    func `is shown when none of it can be read`(body: String, word: String) throws {
        guard case .unreadable(let found, _) = house.meaning(of: Array(body.utf8)) else {
            Issue.record("was read")
            return
        }
        #expect(found == word)
        #expect(try PluginContextDouble().context.pages.words(locale: "en").has(word))
    }

    @Test func `is kept when it says nothing`() {
        let body = #"{"object":"whatsapp_business_account","entry":[]}"#
        #expect(house.meaning(of: Array(body.utf8)) == .kept("delivery.nothing_new"))
    }

    @Test(arguments: [
        (
            #"{"entry":[{"changes":[{"field":"messages"},{"field":"messages"},{"field":"user_preferences"}]}]}"#,
            "messages, user_preferences"
        ),
        ("{}", "unknown"), ("{", "unreadable"),
    ])
    func `is listed by the fields it brings`(body: String, topic: String) {
        #expect(MetaDelivery.topic(of: Array(body.utf8)) == topic)
    }

    // MARK: The published examples

    @Test(.enabled(if: !MetaExamples.names.isEmpty), arguments: MetaExamples.names("webhook-"))
    func `is read in every published example`(name: String) throws {
        guard case .effects(let effects) = house.meaning(of: try MetaExamples.bytes(name)) else {
            Issue.record("\(name) cannot be read")
            return
        }
        for effect in effects { #expect(Self.fits(effect, name), "\(name): \(effect)") }
        #expect(effects.count == (name.contains("two-in-one") || name.contains("131050") ? 2 : 1))
    }

    /// Whether an effect is what the example's name promises.
    private static func fits(_ effect: DeliveryEffect, _ name: String) -> Bool {
        switch effect {
        case .status(let update):
            name.hasPrefix("webhook-status-")
                && (!name.hasPrefix("webhook-status-failed-")
                    || update.failure.map { name.contains($0.code) && $0.failureClass != .ourBug } == true)
        case .received(let message):
            name.hasPrefix("webhook-message-") && (message.phone == nil) == name.contains("bsuid-only")
                && (message.bsuid == nil) != name.contains("bsuid")
        case .preference(let change):
            name == "webhook-user-preferences-\(change.stops ? "stop" : "resume")" || name.contains("131050")
        case .notice(let field):
            !name.contains("-message-") && !name.contains("-status-")
                && (field != "messages" || name == "webhook-value-errors-account-level")
        default: false
        }
    }
}
