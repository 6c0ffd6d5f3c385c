import Domain
import PluginKit
import Text

/// One of the `user_preferences` of a delivery: a person stopped or resumed our marketing in WhatsApp itself.
enum PreferenceReading {
    static func effects(of json: JSON) throws(JSONError) -> [DeliveryEffect] {
        guard try json["category"].expectString() == "marketing_messages" else { return [] }
        let value = try json["value"].expectString()
        guard value == "stop" || value == "resume" else { return [] }
        let person = MetaPerson(phone: json["wa_id"], userID: json["user_id"])
        guard person.phone != nil || person.bsuid != nil else {
            throw JSONError(kind: .unexpected, path: json["wa_id"].path, message: "names nobody")
        }
        return [
            .preference(
                PreferenceChange(
                    channel: MetaCloudAPIPlugin.id, phone: person.phone, bsuid: person.bsuid, stops: value == "stop",
                    at: try MetaTime.read(json["timestamp"]), detail: json["detail"].string))
        ]
    }
}
