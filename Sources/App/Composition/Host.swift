package import Assets
package import Core
package import Crypto
package import Database
package import Domain
package import HTTP
package import Localization
package import Messaging
package import PluginKit
import SQL
package import Store

/// The whole program but its front door: everything is made here, once, from the bottom up, and handed on.
package final class Host: Sendable {
    /// This program's schema number: raised when a migration is added that an older release could not run on.
    package static let schema = 1

    package let options: HostOptions
    package let clock: any Clock
    package let log: Log
    package let database: Database
    package let keyring: Keyring
    package let keys: HostKeys
    package let passwords = PasswordDesk()
    package let settings: SettingsHub
    package let catalog: Catalog
    package let assets: AssetLibrary
    package let hooks: HookBus
    package let plugins: PluginHost
    package let workforce: Workforce
    package let doorstep = Doorstep()
    package let messaging: MessagingContext
    package let orders: OrderDesk
    package let effects: EffectApplier
    package let consents: ConsentDesk
    package let planner: Planner
    package let alerts: AlertDesk
    package let mail: any MailClient
    /// Of requests in handlers.
    package let requestTimes = Histogram()

    /// Opens the database, brings its schema up to date and makes every part. Nothing runs yet.
    ///
    /// - Parameters:
    ///   - client: the only way out of the house, but for mail.
    ///   - translation: what becomes of the catalogue's words; a test of what escaped it puts brackets around each.
    package init(
        _ options: HostOptions, plugins: [any Plugin], resources: Resources, client: any HTTPClient,
        mail: any MailClient = CurlMail(),
        clock: any Clock = SystemClock(), log: Log, translation: (Catalog) -> Catalog = { $0 }
    ) throws {
        self.options = options
        self.clock = clock
        self.log = log
        let foundation = try Foundation(options, plugins: plugins, clock: clock, log: log)
        database = foundation.database
        keyring = foundation.keyring
        keys = foundation.keys
        settings = foundation.settings
        if let url = options.publicURL { settings.override(HostSettings.publicURL, with: url) }
        catalog = translation(try Catalog.load(resources.locales))
        assets = try AssetLibrary.load(resources.assets)
        hooks = HookBus(log: log)
        let pluginHost = PluginHost(plugins, hooks: hooks)
        self.plugins = pluginHost
        workforce = Workforce()
        let (settings, database, keys) = (self.settings, self.database, self.keys)
        let site: @Sendable () -> Site = { HostSettings.site(settings) }
        messaging = MessagingContext(
            database: database, clock: clock, log: log, settings: settings, hooks: hooks, client: client, site: site,
            channel: { pluginHost.channel($0) },
            unsubscribeURL: { contact in
                let now = clock.now()
                let token = try database.write { tx in
                    try PreferenceTokens(keys: keys).issue(for: contact, at: now, in: tx)
                }
                return site().publicURL + "/u/" + token
            },
            owner: Token.make().hash, keys: keys, wake: { [workforce] topic in workforce.wake(topic) })
        orders = OrderDesk(messaging) { settings[HostSettings.firstSightWindow] ?? .zero }
        effects = EffectApplier(messaging, orders: orders)
        consents = ConsentDesk(messaging)
        planner = Planner(messaging)
        alerts = AlertDesk(messaging)
        self.mail = mail
        settings.onChange { [unowned self] changed in releaseWhatSettingsHeld(changed) }
    }

    package var site: Site { messaging.site() }
    /// With the keys as they are now: ask each time, they may be rotated.
    package var sealer: Sealer { keyring.sealer }

    /// Activates the plugins that the database says are active.
    /// - Parameter pages: renders a plugin's pages.
    package func activatePlugins(pages: any Pages) throws {
        let entries = try database.read { tx in try PluginsTable.all(in: tx) }
        let choice = PluginChoice(entries: entries, coreOnly: options.safeMode, demo: options.demo)
        plugins.activate(choice) { context(for: $0, pages: pages) }
    }

    /// What follows from the address that the server listens on, for as long as nobody has said otherwise: links that
    /// work from this machine, and the demo's shop.
    /// - Parameter url: without a trailing slash.
    func listens(at url: String) {
        settings.setDefault(of: HostSettings.publicURL, to: url)
        guard options.demo else { return }
        settings.setDefault(of: HostSettings.siteName, to: "Demo shop")
        settings.setDefault(of: HostSettings.siteURL, to: settings[HostSettings.publicURL] + "/shop")
    }

    private func context(for declaration: PluginDeclaration, pages: any Pages) -> PluginContext {
        let settings = self.settings
        return PluginContext(
            clock: clock, log: log, settings: settings, settingsWriter: SettingsWriterPort(settings: settings),
            site: messaging.site,
            channel: { [messaging] in
                messaging.activeChannel.map { ChannelInUse(id: $0.id, abilities: $0.abilities) }
            },
            orders: OrdersPort(context: messaging, desk: orders), contacts: ContactsPort(context: messaging),
            messages: MessagesPort(context: messaging), templates: ChannelTemplatesPort(context: messaging),
            deliveries: DeliveriesPort(context: messaging), receipts: ReceiptsPort(applier: effects),
            news: ShopNewsPort(context: messaging, applier: effects), jobs: JobsPort(context: messaging),
            alerts: alerts,
            tables: TablesPort(database: database, plugin: declaration.id),
            http: PluginHTTPClient(client: messaging.client) { declaration.allowedHosts(settings) }, pages: pages)
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
