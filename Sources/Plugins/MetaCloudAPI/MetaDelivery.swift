import Domain
import PluginKit
import Text

/// What a stored delivery means. Every change, and every status and message in it, is read on its own: one that is
/// malformed does not lose its neighbours.
enum MetaDelivery {
    /// The fields that changed (`messages`, `user_preferences`), for the list of deliveries.
    static func topic(of body: [UInt8]) -> String {
        guard let json = try? JSON(parsing: body) else { return "unreadable" }
        var fields: [String] = []
        for field in changes(of: json).compactMap({ $0["field"].string }) where !fields.contains(field) {
            fields.append(field)
        }
        return fields.isEmpty ? "unknown" : String(fields.joined(separator: ", ").prefix(200))
    }

    static func meaning(of delivery: Delivery) -> DeliveryMeaning {
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: delivery.body)
        } catch {
            return .unreadable("delivery.not_json", detail: error.description)
        }
        guard json["object"].string == "whatsapp_business_account", json["entry"].array != nil else {
            return .unreadable("delivery.not_a_meta_event", detail: json["object"].path)
        }
        var reading = Reading()
        for change in changes(of: json) { read(change, into: &reading) }
        if reading.effects.isEmpty, let problem = reading.problems.first {
            return .unreadable("delivery.not_a_meta_event", detail: problem)
        }
        return reading.effects.isEmpty ? .kept("delivery.nothing_new") : .effects(reading.effects)
    }

    /// What was understood so far, and what was not.
    struct Reading {
        var effects: [DeliveryEffect] = []
        var problems: [String] = []

        /// Adds what one item means, or notes why it could not be read.
        mutating func add(_ item: JSON, _ read: (JSON) throws(JSONError) -> [DeliveryEffect]) {
            do throws(JSONError) {
                effects += try read(item)
            } catch {
                problems.append(error.description)
            }
        }
    }

    private static func changes(of json: JSON) -> [JSON] {
        (json["entry"].array ?? []).flatMap { $0["changes"].array ?? [] }
    }

    private static func read(_ change: JSON, into reading: inout Reading) {
        guard let field = change["field"].string, change["value"].object != nil else {
            reading.problems.append("\(change.path): not a change")
            return
        }
        let value = change["value"]
        let before = reading.effects.count
        switch field {
        case "messages":
            for status in value["statuses"].array ?? [] { reading.add(status, StatusReading.effects) }
            let people = value["contacts"].array ?? []
            for message in value["messages"].array ?? [] {
                reading.add(message) { message throws(JSONError) in
                    try MessageReading(message, people: people).effects()
                }
            }
        case "user_preferences":
            for preference in value["user_preferences"].array ?? [] {
                reading.add(preference, PreferenceReading.effects)
            }
        default:
            break
        }
        // Events of templates, numbers and accounts, statuses of a kind we do not know, errors of the account: the raw
        // delivery is what we keep of them.
        if reading.effects.count == before { reading.effects.append(.notice(field: field)) }
    }
}
