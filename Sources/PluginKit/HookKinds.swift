/// A point where plugins may change a value before it is used.
package struct Filter<Value: Sendable>: Sendable {
    /// For logs, docs and outside plugins (`cartwright_message_draft`).
    package let id: String
    /// When it is asked, in words.
    package let when: String

    package init(_ id: String, _ when: String) {
        self.id = id
        self.when = when
    }

    package var listing: HookListing { HookListing(id: id, kind: .filter, value: Value.self, when: when) }

    /// Lower priorities run first, then in the order of registration. One that throws, or is not done in time, leaves
    /// the value as it was.
    package func use(
        priority: Int = 10, _ change: @escaping @Sendable (Value) throws -> Value
    ) -> HookRegistration {
        HookRegistration(hook: id, priority: priority) { value in
            guard let typed = value as? Value else { throw HookTypeMismatch(hook: id) }
            return try change(typed)
        }
    }
}

/// A point where plugins learn of something that has happened.
package struct Action<Event: Sendable>: Sendable {
    /// For logs, docs and outside plugins.
    package let id: String
    /// When it is told, in words.
    package let when: String

    package init(_ id: String, _ when: String) {
        self.id = id
        self.when = when
    }

    package var listing: HookListing { HookListing(id: id, kind: .action, value: Event.self, when: when) }

    /// An action that throws, or takes too long, is logged and does not stop the others.
    package func on(
        priority: Int = 10, _ react: @escaping @Sendable (Event) throws -> Void
    ) -> HookRegistration {
        HookRegistration(hook: id, priority: priority) { event in
            guard let typed = event as? Event else { throw HookTypeMismatch(hook: id) }
            try react(typed)
            return event
        }
    }
}

/// One plugin's hold on one hook.
package struct HookRegistration: Sendable {
    package let hook: String
    package let priority: Int
    package let run: @Sendable (any Sendable) throws -> any Sendable
}

/// Two hooks were given the same id with different types: a mistake of the program.
package struct HookTypeMismatch: Error, Sendable {
    package let hook: String
}

/// A hook as lists show it.
package struct HookListing: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case filter, action
    }

    package var id: String
    package var kind: Kind
    /// The Swift type of its value: `MessageDraft?`.
    package var value: String
    package var when: String

    init(id: String, kind: Kind, value: Any.Type, when: String) {
        self.id = id
        self.kind = kind
        let type = String(describing: value)
        self.value = type.hasPrefix("Optional<") ? type.dropFirst("Optional<".count).dropLast() + "?" : type
        self.when = when
    }
}

/// What one plugin's filter did to a value, kept in the message's trail.
package struct HookTrace: Sendable, Equatable {
    package enum Outcome: String, Sendable, CaseIterable {
        case unchanged, changed
        /// It threw.
        case failed
        /// It was not done in time, and was left behind.
        case late
        /// It was not asked: its plugin is still at a call that was left behind.
        case passedOver
    }

    package var plugin: String
    package var hook: String
    package var outcome: Outcome
    package var microseconds: Int64

    package init(plugin: String, hook: String, outcome: Outcome, microseconds: Int64) {
        self.plugin = plugin
        self.hook = hook
        self.outcome = outcome
        self.microseconds = microseconds
    }
}

/// Runs hooks; the layers below the composition know only this.
package protocol HookRunner: Sendable {
    func apply<Value: Sendable & Equatable>(_ filter: Filter<Value>, to value: Value) -> (
        value: Value, trace: [HookTrace]
    )
    func fire<Event: Sendable>(_ action: Action<Event>, _ event: Event)
}
