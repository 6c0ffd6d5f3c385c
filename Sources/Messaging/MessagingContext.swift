package import Core
package import Database
package import Domain
package import HTTP
package import PluginKit
package import SQL
package import Store

/// What the ledger's parts work with.
package struct MessagingContext: Sendable {
    package let database: Database
    package let clock: any Clock
    package let log: Log
    package let settings: any SettingsReader
    package let hooks: any HookRunner
    package let client: any HTTPClient
    package let site: @Sendable () -> Site
    /// The channel of an id (`sending.channel`); nil when its plugin is not active.
    package let channel: @Sendable (String) -> (any Channel)?
    /// The preferences pages of persons, made for messages that are about to leave.
    package let unsubscribeURLs: @Sendable (Set<ID>) throws -> [ID: String]
    /// Names this process in leases.
    package let owner: String
    package let keys: HostKeys
    package let wake: @Sendable (WakeTopic) -> Void
    /// Nothing may leave: this may be a copy of the shop's database.
    package let isHeld: @Sendable () -> Bool

    /// - Parameter isHeld: asked before anything leaves, by every thread.
    package init(
        database: Database, clock: any Clock, log: Log, settings: any SettingsReader, hooks: any HookRunner,
        client: any HTTPClient, site: @escaping @Sendable () -> Site,
        channel: @escaping @Sendable (String) -> (any Channel)?,
        unsubscribeURLs: @escaping @Sendable (Set<ID>) throws -> [ID: String], owner: String, keys: HostKeys,
        wake: @escaping @Sendable (WakeTopic) -> Void, isHeld: @escaping @Sendable () -> Bool = { false }
    ) {
        self.database = database
        self.clock = clock
        self.log = log
        self.settings = settings
        self.hooks = hooks
        self.client = client
        self.site = site
        self.channel = channel
        self.unsubscribeURLs = unsubscribeURLs
        self.owner = owner
        self.keys = keys
        self.wake = wake
        self.isHeld = isHeld
    }

    /// The channel that sends now.
    package var activeChannel: (any Channel)? { channel(settings[MessagingSettings.channel]) }

    /// Whether a channel may be handed messages now. One that keeps them in the house always may.
    package func maySend(by channel: (any Channel)?) -> Bool {
        !isHeld() || channel?.abilities.staysInside == true
    }

    /// Tells the hooks of messages that will not leave, once the transaction that stopped them stands.
    package func announceStopped(_ rows: [LedgerRow], after tx: any WriteTransaction) {
        for row in rows { tx.afterCommit { [hooks] in hooks.fire(Hooks.messageStopped, row.info) } }
    }
}
