import Core
package import PluginKit

/// A phone of our own: messages arrive on a page of the admin, where a person answers and says what became of them.
/// Nobody outside is messaged.
package struct SandboxPlugin: Plugin {
    /// How the channel and the sending number are called, and what the tables' names begin with.
    package static let id = "sandbox"

    package init() {}

    package var declaration: PluginDeclaration {
        PluginDeclaration(
            id: Self.id, name: "Sandbox", version: "1.0.0", permissions: [.contacts, .receipts], isCore: true,
            menu: [MenuEntry(group: .messages, path: PhonePage.path, word: "menu.phone", place: 20, role: .viewer)],
            channels: [Self.id], migrations: [.phone], personalData: PhoneTables.personalData)
    }

    package func parts(_ context: PluginContext) throws -> PluginParts {
        let phones = Phones(tables: context.tables, receipts: context.receipts, clock: context.clock)
        let job = ReceiptsJob(phones: phones)
        // A message may have arrived here while the answer to the ledger was lost in a crash.
        try context.jobs.enqueue(ReceiptsJob.kind, payload: "", dedupe: ReceiptsJob.kind, delay: .zero)
        var parts = PluginParts()
        parts.channels = [SandboxChannel(phones: phones)]
        parts.routes = try PhonePage(
            phones: phones, contacts: context.contacts, site: context.site,
            page: context.pages.admin(PhonePage.template, PhoneModel.self)
        ).routes
        parts.jobs = [job.declaration]
        parts.hooks = [Hooks.forgotten.on { try phones.forget($0) }]
        parts.panels = [try ContactPanel.make(phones, context.pages)]
        return parts
    }
}
