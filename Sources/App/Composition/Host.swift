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
    /// Runs plugins' code under a deadline.
    package let calls: PluginCalls
    package let hooks: HookBus
    package let plugins: PluginHost
    package let workforce: Workforce
    package let wakes: Wakes
    package let doorstep = Doorstep()
    package let instance: InstanceDesk
    package let messaging: MessagingContext
    package let orders: OrderDesk
    package let effects: EffectApplier
    package let consents: ConsentDesk
    package let planner: Planner
    package let alerts: AlertDesk
    package let writing: WriteWatch
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
        catalog = translation(
            try plugins.map(\.declaration).reduce(Catalog.load(resources.locales)) { catalog, plugin in
                try catalog.adding(plugin.words, of: plugin.id)
            })
        assets = try AssetLibrary.load(resources.assets)
        calls = PluginCalls(patience: options.pluginPatience)
        hooks = HookBus(calls: calls, log: log)
        let pluginHost = PluginHost(plugins, hooks: hooks)
        self.plugins = pluginHost
        workforce = Workforce()
        instance = try InstanceDesk(options, database: database, clock: clock, log: log)
        let (settings, database, keys, instance) = (self.settings, self.database, self.keys, self.instance)
        let wakes =
            switch database.engine {
            case .sqlite: Wakes(workforce, log: log)
            case .postgresql: Wakes(workforce, log: log) { try database.announce($0) }
            }
        self.wakes = wakes
        let site: @Sendable () -> Site = { HostSettings.site(settings) }
        messaging = MessagingContext(
            database: database, clock: clock, log: log, settings: HeldSettings(settings: settings, instance: instance),
            hooks: hooks, client: client, site: site,
            channel: { pluginHost.channel($0) },
            unsubscribeURLs: { contacts in
                let now = clock.now()
                let tokens = try database.writeBatch { tx in
                    try PreferenceTokens(keys: keys).issue(for: contacts, at: now, in: tx)
                }
                let address = site().publicURL + "/u/"
                return tokens.mapValues { address + $0 }
            },
            owner: Token.make().hash, keys: keys, wake: { topic in wakes.wake(topic) },
            isHeld: { instance.hold != nil })
        orders = OrderDesk(messaging) { settings[HostSettings.firstSightWindow] ?? .zero }
        effects = EffectApplier(messaging, orders: orders)
        consents = ConsentDesk(messaging)
        planner = Planner(messaging)
        alerts = AlertDesk(messaging)
        let writing = WriteWatch(clock: clock, log: log) { try database.tryWriting() }
        self.writing = writing
        database.onTrouble { writing.met($0) }
        self.mail = mail
        calls.onStuck { [weak self] plugin, isStuck in self?.noticed(plugin, isStuck: isStuck) }
        instance.onChange { [workforce] in for topic in WakeTopic.allCases { workforce.wake(topic) } }
        settings.onChange { [unowned self] changed in
            releaseWhatSettingsHeld(changed)
            hooks.fire(Hooks.settingsChanged, SettingsChange(keys: changed))
        }
    }

    /// Looks whether this is a copy, before a server or worker begins: then nothing leaves from here on.
    package func recogniseInstance() throws {
        guard case .text(let address)? = settings.stored(HostSettings.publicURL.key) else {
            return try instance.recognise(storedAddress: nil)
        }
        try instance.recognise(storedAddress: address)
    }

    package var site: Site { messaging.site() }
    /// With the keys as they are now: ask each time, they may be rotated.
    package var sealer: Sealer { keyring.sealer }

    /// Activates the plugins that the database says are active, with their tables as they have to be, and tells the
    /// hooks who came and went.
    /// - Parameter pages: renders a plugin's pages.
    package func activatePlugins(pages: any Pages) throws {
        let entries = try database.read { tx in try PluginsTable.all(in: tx) }
        let choice = PluginChoice(entries: entries, coreOnly: options.safeMode, demo: options.demo)
        let before = Set(plugins.active.map(\.declaration.id))
        let leaving = plugins.active.map(\.declaration)
        plugins.activate(
            choice,
            // One that was uninstalled has its tables made anew.
            prepare: { try database.migrate(PluginHost.migrations([$0]), program: Self.schema) },
            context: { context(for: $0, pages: pages) })
        let after = plugins.active.map(\.declaration)
        for plugin in after where !before.contains(plugin.id) {
            hooks.fire(Hooks.pluginActivated, PluginChange(id: plugin.id, version: plugin.version))
        }
        let stayed = Set(after.map(\.id))
        for plugin in leaving where !stayed.contains(plugin.id) {
            hooks.fire(Hooks.pluginDeactivated, PluginChange(id: plugin.id, version: plugin.version))
        }
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
}
