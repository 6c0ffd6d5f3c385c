package import Core
package import Domain
import HTTP
package import PluginKit
package import SQL

import Text
import Localization
import Synchronization

/// A plugin's whole surroundings in memory: what a test puts in is what the plugin sees, and what the plugin does is
/// kept to be looked at. Phones are read by the real rules, words come from the real catalogue.
package final class PluginContextDouble: Sendable {
    package let clock: FixedClock
    package let settings = SettingsDouble()
    package let orders = OrdersDouble()
    package let contacts = ContactsDouble()
    package let messages = MessagesDouble()
    package let templates = ChannelTemplatesDouble()
    package let deliveries = DeliveriesDouble()
    package let receipts = ReceiptsDouble()
    package let news = ShopNewsDouble()
    package let jobs = JobsDouble()
    package let alerts = AlertsDouble()
    package let http = RecordingHTTPClient()
    package let pages: PagesDouble
    private let tables: any Tables
    private let surroundings: Mutex<Surroundings>

    private struct Surroundings {
        var site: Site
        var channel: ChannelInUse?
    }

    /// - Parameter tables: for plugins that have some; without it each use of them throws.
    package init(clock: FixedClock = FixedClock(), tables: any Tables = NoTables()) throws {
        self.clock = clock
        self.tables = tables
        pages = PagesDouble(catalog: try Catalog.load(RepositoryFile.root + "/Locales"), clock: clock)
        surroundings = Mutex(
            Surroundings(
                site: Site(
                    name: "Wool & Wire", url: "https://shop.example", country: "US", locale: "en", timeZone: "UTC",
                    currency: "USD", publicURL: "https://cartwright.example"),
                channel: ChannelInUse(
                    id: "sandbox",
                    abilities: ChannelAbilities(
                        freeText: .always, hasTemplates: false, hasReceipts: true, messagesPerSecond: 80))))
    }

    package var site: Site {
        get { surroundings.withLock { $0.site } }
        set { surroundings.withLock { $0.site = newValue } }
    }

    package var channel: ChannelInUse? {
        get { surroundings.withLock { $0.channel } }
        set { surroundings.withLock { $0.channel = newValue } }
    }

    package var context: PluginContext {
        PluginContext(
            clock: clock, log: Log(clock: clock, write: { _ in }), settings: settings, settingsWriter: settings,
            site: { self.site }, channel: { self.channel }, orders: orders, contacts: contacts, messages: messages,
            templates: templates, deliveries: deliveries, receipts: receipts, news: news, jobs: jobs, alerts: alerts,
            tables: tables, http: http, pages: pages)
    }
}

/// Settings by key; what is not stored reads as its default. Changes are not checked by declarations.
package final class SettingsDouble: SettingsReader, SettingsWriter {
    package struct Change: Sendable, Equatable {
        package var values: [String: String]
        package var actor: String
    }

    private struct State {
        var stored: [String: String] = [:]
        var unreadable: Set<String> = []
        var changes: [Change] = []
    }

    private let state = Mutex(State())

    package init() {}

    package subscript(key: String) -> String? {
        get { state.withLock { $0.stored[key] } }
        set { state.withLock { $0.stored[key] = newValue } }
    }

    /// A secret that no present key opens.
    package func spoil(_ key: String) {
        state.withLock {
            $0.stored[key] = nil
            $0.unreadable.insert(key)
        }
    }

    package var changes: [Change] { state.withLock { $0.changes } }

    package subscript<Value>(_ setting: Setting<Value>) -> Value {
        setting.decode(state.withLock { $0.stored[setting.key] } ?? setting.declaration.defaultText)
    }

    package func isStored(_ key: String) -> Bool { state.withLock { $0.stored[key] != nil } }

    package func unreadable(_ keys: [String]) -> [String] {
        state.withLock { state in keys.filter(state.unreadable.contains) }
    }

    package func change(_ values: [String: String], by actor: String) throws {
        state.withLock { state in
            state.stored.merge(values) { $1 }
            state.changes.append(Change(values: values, actor: actor))
        }
    }
}

/// A plugin without tables asked for one.
package struct NoTables: Tables, Error {
    package init() {}
    package func read<T>(_ body: (any ReadTransaction) throws -> T) throws -> T { throw self }
    package func write<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) throws -> T {
        throw self
    }
}

/// The jobs that were asked for.
package final class JobsDouble: Jobs {
    package struct Asked: Sendable, Equatable {
        package var kind: String
        package var payload: String
        package var dedupe: String?
        package var delay: Timestamp.Span
    }

    private let list = Mutex<[Asked]>([])

    package var asked: [Asked] { list.withLock { $0 } }

    package func enqueue(_ kind: String, payload: String, dedupe: String?, delay: Timestamp.Span) throws {
        list.withLock { list in
            if let dedupe, list.contains(where: { $0.kind == kind && $0.dedupe == dedupe }) { return }
            list.append(Asked(kind: kind, payload: payload, dedupe: dedupe, delay: delay))
        }
    }
}

/// The alerts that stand open, and which were closed.
package final class AlertsDouble: Alerts {
    private let state = Mutex((open: [String: Alert](), closed: [String]()))

    /// By id.
    package var opened: [String: Alert] { state.withLock { $0.open } }
    /// Only those that were open.
    package var closed: [String] { state.withLock { $0.closed } }

    package func open(_ alert: Alert) { state.withLock { $0.open[alert.id] = alert } }

    package func close(_ id: String) {
        state.withLock { if $0.open.removeValue(forKey: id) != nil { $0.closed.append(id) } }
    }
}
