import Core
import Domain
import PluginKit

/// Stands where a plugin did not declare that it uses a part of the context.
struct RefusedPort: Error, Sendable, CustomStringConvertible {
    let plugin: String
    let permission: Permission

    var description: String {
        "the plugin \(plugin) may not use this: it does not declare the permission `\(permission.rawValue)`"
    }
}

extension RefusedPort: Orders {
    func receive(_ order: Order, consents: [ConsentStatement]) throws -> StoredOrder { throw self }
    func find(_ id: ID) throws -> StoredOrder? { throw self }
    func recent(limit: Int) throws -> [StoredOrder] { throw self }
    func note(_ text: String, on order: ID) throws { throw self }
    func removeAll(shop: String, by actor: String) throws { throw self }
    func statuses() throws -> [String] { throw self }
}

/// What people are called and agreed to is refused; how a phone is read is no secret.
struct RefusedContacts: Contacts {
    let refusal: RefusedPort
    let contacts: any Contacts

    func find(_ id: ID) throws -> ContactRef? { throw refusal }
    func find(phone: String) throws -> ContactRef? { throw refusal }
    func consents(of id: ID) throws -> [Purpose: ConsentState] { throw refusal }
    func readPhone(_ raw: String, countries: [String]) -> Result<String, PhoneUnreadable> {
        contacts.readPhone(raw, countries: countries)
    }
}

extension RefusedPort: Messages {
    func plan(_ drafts: [MessageDraft]) throws -> [ID] { throw self }
    func planTest(to phone: String, content: MessageContent) throws -> ID { throw self }
    func freeTextAllowed(contactID: ID) throws -> Bool { throw self }
}

extension RefusedPort: ChannelTemplates {
    func all(channel: String) throws -> [ChannelTemplate] { throw self }
    func store(_ templates: [ChannelTemplate], channel: String) throws { throw self }
}

extension RefusedPort: Deliveries {
    func store(
        endpoint: String, topic: String, headers: [(String, String)], body: [UInt8], lane: String?
    ) throws -> Bool { throw self }
    /// A count is no door.
    func countRefusal(endpoint: String, reason: String) {}
}

extension RefusedPort: Receipts {
    func status(_ update: StatusUpdate) throws { throw self }
    func received(_ message: InboundMessage) throws { throw self }
}

extension RefusedPort: ShopNews {
    func take(_ told: [ToldByShop]) throws { throw self }
}

extension RefusedPort: SettingsWriter {
    func change(_ values: [String: String], by actor: String) throws { throw self }
}
