import Messaging
import Core
import Domain
import HTTP
package import PluginKit
import Store

extension Host {
    /// What a plugin can reach: its own, and of the house what it declared.
    /// - Parameter pages: renders its pages.
    package func context(for declaration: PluginDeclaration, pages: any Pages) -> PluginContext {
        let settings = self.settings
        func refusal(_ permission: Permission) -> RefusedPort? {
            guard !declaration.permissions.contains(permission) else { return nil }
            return RefusedPort(plugin: declaration.id, permission: permission)
        }
        let contacts = ContactsPort(context: messaging)
        return PluginContext(
            clock: clock, log: log, settings: settings,
            settingsWriter: refusal(.settings) ?? SettingsWriterPort(settings: settings), site: messaging.site,
            channel: { [messaging] in
                messaging.activeChannel.map { ChannelInUse(id: $0.id, abilities: $0.abilities) }
            },
            orders: refusal(.orders) ?? OrdersPort(context: messaging, desk: orders),
            contacts: refusal(.contacts).map { RefusedContacts(refusal: $0, contacts: contacts) } ?? contacts,
            messages: refusal(.messages) ?? MessagesPort(context: messaging),
            templates: refusal(.templates) ?? ChannelTemplatesPort(context: messaging),
            deliveries: refusal(.deliveries) ?? DeliveriesPort(context: messaging),
            receipts: refusal(.receipts) ?? ReceiptsPort(applier: effects),
            news: refusal(.orders) ?? ShopNewsPort(context: messaging, applier: effects),
            jobs: JobsPort(context: messaging), alerts: alerts,
            tables: TablesPort(database: database, plugin: declaration.id),
            http: PluginHTTPClient(client: messaging.client, isHeld: messaging.isHeld) {
                declaration.allowedHosts(settings)
            }, pages: pages)
    }
}

extension PluginDeclaration {
    /// The hosts it may call as settings stand: those it declared, and those that the admin's own settings name.
    func allowedHosts(_ settings: SettingsHub) -> AllowedHosts {
        var allowed = AllowedHosts()
        for host in hosts {
            switch host.address {
            case .host(let name): allowed.declared.insert(name)
            case .setting(let key):
                guard let declaration = settings.declaration(key),
                    let address = WebAddress(settings.shown(declaration))
                else { continue }
                allowed.namedByAdmin.insert(address.host)
            }
        }
        return allowed
    }
}
