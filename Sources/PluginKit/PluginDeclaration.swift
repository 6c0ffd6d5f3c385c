package import Core
package import Domain
package import SQL

/// Everything about a plugin that is known without running it: pages, docs and the command line draw from it.
package struct PluginDeclaration: Sendable {
    /// Lower-case letters and digits; also the prefix of its tables and templates.
    package var id: String
    package var name: String
    package var author: String
    package var licence: String
    package var version: String
    /// The least version of the host that it works with.
    package var needsHost: String
    /// The ids of the plugins without which it does not work.
    package var needs: [String]
    /// What of the context it uses; the rest refuses every call.
    package var permissions: Set<Permission>
    /// What `--safe-mode` keeps, where it is on.
    package var isCore: Bool
    /// Shows the program and is no part of a shop: inactive until somebody activates it, but with `--demo`.
    package var isForDemo: Bool
    package var settings: [SettingDeclaration]
    package var menu: [MenuEntry]
    /// The ids of the channels among its parts: what is kept by channel goes when it is uninstalled.
    package var channels: [String]
    package var migrations: [Migration]
    package var hosts: [OutsideHost]
    package var personalData: [PersonalData]
    /// A word for what the house cannot do while it is off, said before and after somebody switches it off. It begins with
    /// `notice.`.
    package var warning: String?
    /// A word for what it makes outside and takes away when it is uninstalled, such as webhooks in the shop.
    package var outside: String?
    /// Its own templates by name (`<id>/page`), beside those in the program's folder.
    package var templates: [String: String]
    /// Its own words by language and key, beside those of the program's catalogues. English has each of them.
    package var words: [String: [String: String]]

    package init(
        id: String, name: String, author: String = "Cartwright", licence: String = "GPL-2.0-or-later", version: String,
        needsHost: String = "0.1.0", needs: [String] = [], permissions: Set<Permission> = [], isCore: Bool = false,
        isForDemo: Bool = false, settings: [SettingDeclaration] = [], menu: [MenuEntry] = [], channels: [String] = [],
        migrations: [Migration] = [], hosts: [OutsideHost] = [], personalData: [PersonalData] = [],
        warning: String? = nil, outside: String? = nil, templates: [String: String] = [:],
        words: [String: [String: String]] = [:]
    ) {
        self.id = id
        self.name = name
        self.author = author
        self.licence = licence
        self.version = version
        self.needsHost = needsHost
        self.needs = needs
        self.permissions = permissions
        self.isCore = isCore
        self.isForDemo = isForDemo
        self.settings = settings
        self.menu = menu
        self.channels = channels
        self.migrations = migrations
        self.hosts = hosts
        self.personalData = personalData
        self.warning = warning
        self.outside = outside
        self.templates = templates
        self.words = words
    }
}

/// A part of the context that a plugin has to declare before it may use it. Its words: `permission.<id>`. Its own tables,
/// jobs and settings, and the hosts that it declares, need none.
package enum Permission: String, Sendable, CaseIterable {
    /// Reads orders, and brings some in.
    case orders
    /// Reads who people are and how they stand to each purpose.
    case contacts
    /// Plans messages.
    case messages
    /// Reads and replaces the templates of channels.
    case templates
    /// Takes webhooks in.
    case deliveries
    /// Says what became of messages, and what people write.
    case receipts
    /// Changes settings.
    case settings
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
