package import Core
package import Domain
package import HTTP
package import SQL

/// A capability that can be switched on and off: a shop, a channel, a kind of message.
///
/// Life: `init` has no effects; the host reads `declaration`, migrates the plugin's tables, and when it is active
/// asks once for its `parts`. What a plugin may touch it gets through the context, never otherwise.
package protocol Plugin: Sendable {
    var declaration: PluginDeclaration { get }

    /// The working parts, made when the plugin is activated. Throws when it cannot work as it is set up; the reason
    /// is shown on the plugins page.
    func parts(_ context: PluginContext) throws -> PluginParts

    /// Takes away what it made outside, such as webhooks and coupons in the shop, before its own data is deleted. What
    /// it throws is shown; the person may try again, or go on without.
    func uninstall(_ context: PluginContext) throws
}

extension Plugin {
    package func uninstall(_ context: PluginContext) throws {}
}

/// Everything about a plugin that is known without running it: pages, docs and the command line draw from it.
package struct PluginDeclaration: Sendable {
    /// Lower-case letters and digits; also the prefix of its tables and templates.
    package var id: String
    package var name: String
    package var author: String
    package var licence: String
    package var version: String
    /// Part of the core that `--safe-mode` keeps.
    package var isCore: Bool
    /// Shows the program and is no part of a shop: inactive until somebody activates it, but with `--demo`.
    package var isForDemo: Bool
    package var settings: [SettingDeclaration]
    package var menu: [MenuEntry]
    package var migrations: [Migration]
    package var hosts: [OutsideHost]
    package var personalData: [PersonalData]

    package init(
        id: String, name: String, author: String = "Cartwright", licence: String = "GPL-2.0-or-later", version: String,
        isCore: Bool = false, isForDemo: Bool = false, settings: [SettingDeclaration] = [], menu: [MenuEntry] = [],
        migrations: [Migration] = [],
        hosts: [OutsideHost] = [], personalData: [PersonalData] = []
    ) {
        self.id = id
        self.name = name
        self.author = author
        self.licence = licence
        self.version = version
        self.isCore = isCore
        self.isForDemo = isForDemo
        self.settings = settings
        self.menu = menu
        self.migrations = migrations
        self.hosts = hosts
        self.personalData = personalData
    }
}

/// What an active plugin puts to work.
package struct PluginParts: Sendable {
    package var routes: [Route] = []
    package var channels: [any Channel] = []
    package var planners: [OrderPlanner] = []
    package var deliveryReaders: [DeliveryReader] = []
    package var jobs: [JobDeclaration] = []
    package var hooks: [HookRegistration] = []
    /// What the doctor looks at.
    package var checks: [HealthCheck] = []

    package init() {}
}

/// Turns something that happened to an order into messages. Runs outside any transaction; the host plans what it
/// returns and closes the event in one. May run again after a crash: the intent keys make that harmless.
package struct OrderPlanner: Sendable {
    package let plan: @Sendable (OrderEvent, StoredOrder) throws -> [MessageDraft]

    package init(plan: @escaping @Sendable (OrderEvent, StoredOrder) throws -> [MessageDraft]) { self.plan = plan }
}

/// A place in the sidebar.
package struct MenuEntry: Sendable {
    package enum Group: Int, Sendable, CaseIterable {
        case day, messages, shop, house
    }

    package var group: Group
    package var path: String
    /// Its word in the catalogue (`menu.rules`).
    package var word: String
    package var place: Int
    package var role: Role

    package init(group: Group, path: String, word: String, place: Int, role: Role) {
        self.group = group
        self.path = path
        self.word = word
        self.place = place
        self.role = role
    }
}

/// A host that a plugin calls, and what the privacy page says of it. The HTTP client refuses undeclared hosts.
package struct OutsideHost: Sendable {
    package enum Address: Sendable {
        /// A fixed host name.
        case host(String)
        /// The host of the URL in this setting: named by the admin, so it may be a private address.
        case setting(String)
    }

    package var address: Address
    /// Words of the catalogue: what is sent, and when.
    package var sends: String
    package var when: String
    package var termsURL: String?
    package var privacyURL: String?

    package init(address: Address, sends: String, when: String, termsURL: String? = nil, privacyURL: String? = nil) {
        self.address = address
        self.sends = sends
        self.when = when
        self.termsURL = termsURL
        self.privacyURL = privacyURL
    }
}
