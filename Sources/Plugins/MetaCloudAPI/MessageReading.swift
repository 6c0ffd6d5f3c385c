import Core
import Domain
import PluginKit
import Text

/// One of the `messages` of a delivery: what a person wrote to us.
struct MessageReading {
    private let json: JSON
    private let people: [JSON]

    /// - Parameter people: the `contacts` beside it.
    init(_ json: JSON, people: [JSON]) {
        self.json = json
        self.people = people
    }

    func effects() throws(JSONError) -> [DeliveryEffect] {
        let type = try json["type"].expectString()
        // No message of a person to the shop: a reaction opens no window, a system message is Meta's own, and what is
        // said in a group is not said to us alone.
        if type == "reaction" || type == "system" || json["group_id"].exists { return [] }
        let contact = people.first { isWriter($0) } ?? (people.count == 1 ? people.first : nil)
        let person = MetaPerson(
            phone: json["from"], userID: json["from_user_id"].exists ? json["from_user_id"] : contact?["user_id"])
        guard person.phone != nil || person.bsuid != nil else {
            throw JSONError(kind: .unexpected, path: json["from"].path, message: "names nobody")
        }
        return [
            .received(
                InboundMessage(
                    channel: MetaCloudAPIPlugin.id, providerID: try json["id"].expectString(), phone: person.phone,
                    bsuid: person.bsuid, profileName: contact?["profile"]["name"].string,
                    at: try MetaTime.read(json["timestamp"]), type: type, text: text(of: type),
                    repliesTo: json["context"]["id"].string))
        ]
    }

    private func isWriter(_ contact: JSON) -> Bool {
        if let from = json["from"].string { return contact["wa_id"].string == from }
        if let user = json["from_user_id"].string { return contact["user_id"].string == user }
        return false
    }

    private func text(of type: String) -> String? {
        switch type {
        case "text": json["text"]["body"].string
        // A template's quick reply. The payload is our own word, the text is what the person saw.
        case "button": json["button"]["text"].string ?? json["button"]["payload"].string
        case "interactive":
            json["interactive"]["button_reply"]["title"].string ?? json["interactive"]["list_reply"]["title"].string
                ?? json["interactive"]["nfm_reply"]["body"].string
        default: json[type]["caption"].string
        }
    }
}
