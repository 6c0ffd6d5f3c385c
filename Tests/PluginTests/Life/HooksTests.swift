import App
import Core
import Database
import Domain
import Glibc
import HTTP
import Messaging
import PluginKit
import SQL
import Store
import Synchronization
import TestSupport
import Testing

/// What plugins' hooks may do to the house, and what they may not.
@Suite struct `The hooks` {
    /// Plans a message for Ana and lets it leave.
    @discardableResult
    private func send(_ text: String, in house: TestHost) throws -> ID {
        let contact = try house.contact("+12025550123", name: "Ana", grants: Purpose.consentable)
        let planned = try house.host.planner.plan([
            MessageDraft(
                intentKey: "test:\(text)", purpose: .test, contactID: contact.id, content: MessageContent(text: text),
                source: MessageSource(kind: .api))
        ])
        try house.work()
        return try #require(planned.first?.id)
    }

    private func trail(of id: ID, in house: TestHost) throws -> [TrailNote] {
        try house.host.database.read { tx in try TrailTable.all(of: id, in: tx).map(\.note) }
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try #require(RepositoryFile.read(path)), as: UTF8.self)
    }

    private static func shouting(_ id: String) -> HookRegistration {
        Hooks.messageDraft.use { draft in
            var draft = draft
            let text = draft?.content.text?.uppercased()
            draft?.content.text = text
            return draft
        }
    }

    @Test func `a filter's plugin, hook and time stand on the message's page`() throws {
        let house = try TestHost(plugins: [.hooking("shout") { _ in [Self.shouting("shout")] }])
        let id = try send("hello", in: house)
        #expect(house.channel.texts == ["HELLO"])
        let page = try house.get("/admin/messages/\(id)", as: house.person(.manager)).text
        #expect(
            page.firstMatch(
                of: /The plugin shout changed the message at cartwright_message_draft \([0-9]+\.[0-9] ms\)\./) != nil)
    }

    @Test func `one that throws stops neither the others nor the message`() throws {
        struct Broken: Error {}
        let house = try TestHost(plugins: [
            .hooking("broken") { _ in
                [Hooks.messageDraft.use { _ in throw Broken() }, Hooks.messagePlanned.on { _ in throw Broken() }]
            },
            .hooking("shout") { _ in [Self.shouting("shout")] },
        ])
        let id = try send("hello", in: house)
        #expect(house.channel.texts == ["HELLO"])
        #expect(try trail(of: id, in: house).contains { $0.kind == "filter_failed" && $0.data["plugin"] == "broken" })
        #expect(house.host.calls.costs(of: "broken").failures == 2)
    }

    @Test func `one that sleeps is left behind, passed over while it does, and comes back`() throws {
        let gate = Gate()
        let house = try TestHost(plugins: [
            .hooking("sleepy") { _ in
                [
                    Hooks.messageDraft.use { draft in
                        gate.pass()
                        var draft = draft
                        draft?.content.text = "late"
                        return draft
                    }
                ]
            },
            .hooking("shout") { _ in [Self.shouting("shout")] },
        ]) { $0.pluginPatience = .milliseconds(20) }
        let first = try send("one", in: house)
        #expect(house.channel.texts == ["ONE"])
        #expect(try trail(of: first, in: house).contains { $0.kind == "filter_late" && $0.data["plugin"] == "sleepy" })
        #expect(house.host.calls.costs(of: "sleepy").isStuck)
        let page = try house.get("/admin/plugins", as: house.person(.manager)).text
        #expect(page.contains("Busy with a call that was left behind"))

        let second = try send("two", in: house)
        #expect(try trail(of: second, in: house).contains { $0.kind == "filter_passed_over" })

        gate.open()
        let calls = house.host.calls
        while calls.costs(of: "sleepy").isStuck { sched_yield() }
        try send("three", in: house)
        #expect(house.channel.texts == ["ONE", "TWO", "LATE"])
        #expect(calls.costs(of: "sleepy").late == 1)
    }

    @Test func `a job that sleeps keeps no other plugin's jobs and none of the house's waiting`() throws {
        let gate = Gate()
        let ran = Monitor(Set<String>())
        func working(_ id: String, _ body: @escaping @Sendable () -> Void) -> LoosePlugin {
            LoosePlugin(declaration: PluginDeclaration(id: id, name: id, version: "1")) { _ in
                var parts = PluginParts()
                parts.jobs = [
                    JobDeclaration(kind: id + ".work", every: .minutes(5)) { _ in
                        body()
                        ran.withLock { _ = $0.insert(id) }
                        ran.wakeAll()
                    }
                ]
                return parts
            }
        }
        let house = try TestHost(plugins: [working("asleep") { gate.pass() }, working("awake") {}])
        try BackgroundWork(house.host).prepare()
        try house.host.workforce.start()
        defer {
            gate.open()
            house.host.workforce.stop()
        }
        gate.waitForSomebody()
        #expect(ran.wait(atMost: .seconds(20)) { $0 == ["awake"] ? () : nil } != nil)
        gate.open()
        #expect(ran.wait(atMost: .seconds(20)) { $0 == ["asleep", "awake"] ? () : nil } != nil)
    }

    @Test
    func `one that fires a hook of its own plugin, and of another that comes back to it, does not wait in a circle`()
        throws
    {
        let heard = Mutex<[String]>([])
        @Sendable func hear(_ text: String) { heard.withLock { $0.append(text) } }
        let first = LoosePlugin.hooking("first") { context in
            [
                Hooks.messagePlanned.on { _ in
                    hear("first: planned")
                    try context.settingsWriter.change(["site.name": "Wool"], by: "first")
                    hear("first: changed")
                },
                Hooks.settingsChanged.on { _ in hear("first: settings") },
            ]
        }
        let second = LoosePlugin.hooking("other") { _ in [Hooks.settingsChanged.on { _ in hear("other: settings") }] }
        let house = try TestHost(plugins: [first, second])
        heard.withLock { $0 = [] }
        try send("hello", in: house)
        #expect(
            heard.withLock { $0 }
                == ["first: planned", "first: settings", "other: settings", "first: changed"])
        #expect(house.host.calls.costs(of: "first").late == 0)
    }

    @Test func `tell each step of an order's and a message's path`() throws {
        let heard = Mutex<[String]>([])
        @Sendable func note<Value>(_ action: Action<Value>) -> HookRegistration {
            action.on { _ in heard.withLock { $0.append(action.id) } }
        }
        let listening = LoosePlugin.hooking("listening") { _ in
            [
                note(Hooks.messagePlanned), note(Hooks.messageDecided), note(Hooks.messageHandedOver),
                note(Hooks.messageStatusChanged), note(Hooks.unknownResolved), note(Hooks.settingsChanged),
                note(Hooks.pluginActivated),
            ]
        }
        let house = try TestHost(plugins: [listening])
        #expect(heard.withLock { $0 }.contains(Hooks.pluginActivated.id))
        heard.withLock { $0 = [] }
        house.channel.answer(.unknown(code: "curl_56", detail: "reset", httpStatus: nil))
        let id = try send("hello", in: house)
        try house.host.effects.apply(
            .status(
                StatusUpdate(
                    channel: house.channel.id, providerID: "wamid.1", attempt: AttemptRef(messageID: id, number: 1),
                    status: .delivered, at: house.clock.now())))
        #expect(
            heard.withLock { $0 } == [
                Hooks.messagePlanned.id, Hooks.messageDecided.id, Hooks.messageHandedOver.id,
                Hooks.messageStatusChanged.id, Hooks.messageStatusChanged.id, Hooks.unknownResolved.id,
            ])
    }

    /// One that writes to whoever orders.
    private static func writing(
        _ id: String = "writing", meanwhile: @escaping @Sendable () throws -> Void = {}
    ) -> LoosePlugin {
        LoosePlugin(declaration: PluginDeclaration(id: id, name: id, version: "1")) { _ in
            var parts = PluginParts()
            parts.planners = [
                OrderPlanner { event, order in
                    try meanwhile()
                    guard let contact = order.contactID else { return [] }
                    return [
                        MessageDraft(
                            intentKey: "order:\(event.id):\(id)", purpose: .orders, contactID: contact,
                            content: MessageContent(text: id == "writing" ? "hello" : "late hello"),
                            source: MessageSource(kind: .order, id: order.id))
                    ]
                }
            ]
            return parts
        }
    }

    private static func placeOrder(in house: TestHost) throws {
        try house.contact("+12025550123", grants: Purpose.consentable)
        let now = house.clock.now()
        try house.host.orders.receive(
            Order(
                shop: "woocommerce", externalID: "7", number: "7", status: "processing", createdAt: now,
                updatedAt: now, total: Money(minorUnits: 100, currency: "USD"),
                customer: OrderCustomer(firstName: "Ana", lastName: "", phone: "+12025550123", country: "US")))
    }

    @Test func `a planner that sleeps keeps no other plugin's messages back, and its own come when it is awake`() throws
    {
        let gate = Gate()
        let house = try TestHost(plugins: [Self.writing("sleepy") { gate.pass() }, Self.writing()]) {
            $0.pluginPatience = .milliseconds(50)
        }
        try Self.placeOrder(in: house)
        try house.work()
        #expect(Set(house.channel.texts) == ["hello"])
        gate.open()
        while house.host.calls.costs(of: "sleepy").isStuck { sched_yield() }
        house.clock.advance(by: .hours(1))
        try house.work()
        #expect(house.channel.texts.contains("late hello"))
        #expect(house.channel.texts.count { $0 == "hello" } == house.channel.texts.count { $0 == "late hello" })
    }

    @Test func `may keep an order's event from being written about`() throws {
        let asked = Mutex<[String]>([])
        let quiet = LoosePlugin.hooking("quiet") { _ in
            [
                Hooks.orderEvent.use { happening in
                    asked.withLock { $0.append(happening?.order.order.number ?? "") }
                    return nil
                }
            ]
        }
        for (plugins, isWritten) in [([Self.writing()], true), ([Self.writing(), quiet], false)] {
            let house = try TestHost(plugins: plugins)
            try Self.placeOrder(in: house)
            try house.work()
            #expect(house.channel.texts.contains("hello") == isWritten)
        }
        #expect(Set(asked.withLock { $0 }) == ["7"])
    }

    @Test func `are all listed, and the docs have the same list`() throws {
        let declared = try text("Sources/PluginKit/Hooks.swift")
            .matches(of: /"(cartwright_[a-z_]+)"/).map { String($0.1) }
        #expect(declared == Hooks.all.map(\.id))
        let rows = Hooks.all.map { "| `\($0.id)` | \($0.kind.rawValue) | `\($0.value)` | \($0.when) |" }
        let docs = try text("docs/plugins.md")
        let listed = docs.split(separator: "\n").filter { $0.hasPrefix("| `cartwright_") }.map(String.init)
        #expect(listed == rows, "\(rows.joined(separator: "\n"))")
    }
}

extension Plugin where Self == LoosePlugin {
    fileprivate static func hooking(
        _ id: String, _ hooks: @escaping @Sendable (PluginContext) -> [HookRegistration]
    ) -> LoosePlugin { LoosePlugin.hooking(id, hooks) }
}
