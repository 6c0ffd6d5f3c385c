/// What a signed-in person may do. Each role may do all that the ones below it may.
package enum Role: String, Sendable, CaseIterable, Comparable {
    /// Looks, with phones masked; changes and exports nothing.
    case viewer
    /// The day's work: messages, contacts, rules.
    case manager
    /// Everything, also people, secrets and plugins.
    case owner

    package static func < (a: Role, b: Role) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .manager: 1
        case .owner: 2
        }
    }
}

/// What an API key may do: `read` for GET, `write` for data, `admin` also for settings, plugins, users, hooks.
package enum Scope: String, Sendable, CaseIterable, Comparable {
    case read, write, admin

    package static func < (a: Scope, b: Scope) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .read: 0
        case .write: 1
        case .admin: 2
        }
    }
}
