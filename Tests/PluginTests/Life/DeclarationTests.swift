import App
import Core
import Domain
import HTTP
import PluginKit
import Store
import Templating
import TestSupport
import Testing

/// What a plugin says of itself, and that the house holds it to it.
@Suite struct `A plugin's declaration` {
    private func standing(
        _ declaration: PluginDeclaration,
        _ make: @escaping @Sendable (PluginContext) throws -> PluginParts = { _ in .init() }
    ) throws -> PluginHost.Standing {
        try TestHost(plugins: [LoosePlugin(declaration: declaration, make: make)]).host.plugins.standing(declaration.id)
    }

    @Test(arguments: [
        ("0.1.0", true), ("0.1", true), ("0.0.9", true), ("0.2", false), ("0.10.0", false), ("1", false),
    ])
    func `names the least host that it works with`(version: String, works: Bool) throws {
        let found = try standing(PluginDeclaration(id: "fax", name: "Fax", version: "1", needsHost: version))
        #expect(found == (works ? .active : .failed(.needsHost(version))))
    }

    @Test func `is refused in its own words by what it looks at itself`() throws {
        struct Picky: Plugin {
            let declaration = PluginDeclaration(id: "picky", name: "Picky", version: "1")
            func validate(_ context: PluginContext) throws { throw PluginRefusal(Word("app.name")) }
            func parts(_ context: PluginContext) throws -> PluginParts { PluginParts() }
        }
        let house = try TestHost(plugins: [Picky()])
        #expect(house.host.plugins.standing("picky") == .failed(.refused(Word("app.name"))))
        #expect(
            try house.get("/admin/plugins", as: house.person(.owner)).text.contains("<p class=\"error\">Cartwright</p>")
        )
    }

    @Test(arguments: Permission.allCases)
    func `opens only the doors that it names`(permission: Permission) throws {
        let knock: @Sendable (PluginContext) throws -> PluginParts = { context in
            switch permission {
            case .orders: _ = try context.orders.recent(limit: 1)
            case .contacts: _ = try context.contacts.find(phone: "+12025550101")
            case .messages: _ = try context.messages.plan([])
            case .templates: _ = try context.templates.all(channel: "sandbox")
            case .deliveries:
                _ = try context.deliveries.store(endpoint: "fax", topic: "page", headers: [], body: [], lane: nil)
            case .receipts:
                try context.receipts.status(
                    StatusUpdate(channel: "fax", providerID: "1", status: .sent, at: context.clock.now()))
            case .settings: try context.settingsWriter.change([:], by: "fax")
            }
            return PluginParts()
        }
        var declaration = PluginDeclaration(id: "fax", name: "Fax", version: "1", permissions: [permission])
        #expect(try standing(declaration, knock) == .active)
        declaration.permissions = Set(Permission.allCases).subtracting([permission])
        let refusal = "the plugin fax may not use this: it does not declare the permission `\(permission.rawValue)`"
        #expect(try standing(declaration, knock) == .failed(.failed(refusal)))
    }

    @Test func `names its channels`() throws {
        let found = try standing(PluginDeclaration(id: "fax", name: "Fax", version: "1")) { _ in
            PluginParts(channels: [RecordingChannel(id: "fax")])
        }
        #expect(found == .failed(.failed("its declaration does not name the channel fax")))
    }

    @Test func `may not change words that the house has`() {
        #expect(throws: (any Error).self) {
            try standing(
                PluginDeclaration(id: "fax", name: "Fax", version: "1", words: ["en": ["app.name": "Mine"]]))
        }
        #expect(throws: (any Error).self) {
            try standing(PluginDeclaration(id: "fax", name: "Fax", version: "1", words: ["es": ["fax.title": "Fax"]]))
        }
    }
}
