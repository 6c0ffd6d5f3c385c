import Core
import Domain
import PluginKit
import Text

/// One of the `statuses` of a delivery.
enum StatusReading {
    static func effects(of json: JSON) throws(JSONError) -> [DeliveryEffect] {
        let word = try json["status"].expectString()
        guard let status = status(word) else { return [] }
        let error = (json["errors"].array ?? []).lazy.compactMap { GraphError($0) }.first
        let at = try MetaTime.read(json["timestamp"])
        let update = StatusUpdate(
            channel: MetaCloudAPIPlugin.id, providerID: try json["id"].expectString(),
            attempt: json["biz_opaque_callback_data"].string.flatMap { AttemptRef($0) }, status: status, at: at,
            failure: status == .failed
                ? error?.failure(status: nil) ?? Failure(.providerTrouble, code: "failed", detail: "") : nil)
        var effects: [DeliveryEffect] = [.status(update)]
        if status == .failed, let error, error.code == optedOut {
            let person = MetaPerson(phone: json["recipient_id"], userID: json["recipient_user_id"])
            effects.append(
                .preference(
                    PreferenceChange(
                        channel: MetaCloudAPIPlugin.id, phone: person.phone, bsuid: person.bsuid, stops: true, at: at,
                        detail: error.text)))
        }
        return effects
    }

    /// The person has stopped our marketing in WhatsApp itself: the echo of a preference that may not have reached us.
    private static let optedOut = 131050

    /// Nil for one that says nothing about delivery; the set is open.
    private static func status(_ word: String) -> MessageStatus? {
        switch word {
        case "sent": .sent
        case "delivered": .delivered
        // A voice message was listened to.
        case "read", "played": .read
        case "failed": .failed
        default: nil
        }
    }
}
