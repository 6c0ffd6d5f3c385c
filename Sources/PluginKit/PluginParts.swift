package import Domain
package import HTTP

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
    package var panels: [Panel] = []
    package var scripts: [StorefrontScript] = []
    /// Who is asked before another channel is chosen.
    package var objectors: [ChannelObjector] = []

    package init(
        routes: [Route] = [], channels: [any Channel] = [], planners: [OrderPlanner] = [],
        deliveryReaders: [DeliveryReader] = [], jobs: [JobDeclaration] = [], hooks: [HookRegistration] = [],
        checks: [HealthCheck] = [], panels: [Panel] = [], scripts: [StorefrontScript] = [],
        objectors: [ChannelObjector] = []
    ) {
        self.routes = routes
        self.channels = channels
        self.planners = planners
        self.deliveryReaders = deliveryReaders
        self.jobs = jobs
        self.hooks = hooks
        self.checks = checks
        self.panels = panels
        self.scripts = scripts
        self.objectors = objectors
    }
}

/// Turns something that happened to an order into messages. Runs outside any transaction; the host plans what it
/// returns and closes the event in one. May run again after a crash: the intent keys make that harmless.
package struct OrderPlanner: Sendable {
    package let plan: @Sendable (OrderEvent, StoredOrder) throws -> [MessageDraft]

    package init(plan: @escaping @Sendable (OrderEvent, StoredOrder) throws -> [MessageDraft]) { self.plan = plan }
}

/// A script for the pages of the shop, served at `/embed/<plugin>/<name>.js` and named in `/embed/config`.
package struct StorefrontScript: Sendable {
    /// Lower-case letters, digits and `-`.
    package var name: String
    package var source: String

    package init(_ name: String, source: String) {
        self.name = name
        self.source = source
    }
}
