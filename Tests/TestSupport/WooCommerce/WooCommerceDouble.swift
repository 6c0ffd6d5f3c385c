package import Core
import Synchronization

/// A stand-in for a WooCommerce shop on a loopback port, as it was recorded and measured: its REST API with keys and
/// error objects, its webhooks with their signatures and their ways of getting lost, the page that grants keys.
///
///     let shop = try WooCommerceDouble(clock: clock)
///     let order = shop.placeOrder(["status": .text("processing")])
///     shop.deliver()                    // what Action Scheduler would do within a minute
///     shop.losesWebhooks = true         // from now on nobody hears of anything
///
/// Time is the given clock's; nothing happens by itself.
package final class WooCommerceDouble: Sendable {
    /// Who the shop says it is.
    package struct Profile: Sendable {
        package var name = "Wool & Wire"
        package var country = "ES"
        package var state = "M"
        package var currency = "EUR"
        package var language = "es_ES"
        package var version = "11.0.1"
        package var timeZone = ""
        /// East of UTC.
        package var offset = Timestamp.Span.zero

        package init() {}
    }

    package let consumerKey = "ck_0123456789abcdef0123456789abcdef01234567"
    package let consumerSecret = Secret("cs_89abcdef0123456789abcdef0123456789abcdef")
    package let clock: any Clock
    package let profile: Profile
    private let server: MisbehavingServer
    private let site: Site

    /// - Parameters:
    ///   - transport: over TLS basic authentication works, without it only OAuth 1.0a.
    ///   - send: how webhooks and keys leave; the status that came back, nil for none. By default over the network.
    ///   - desk: sees each request first, and answers those that are not for the shop.
    package init(
        _ transport: MisbehavingServer.Transport = .plain, clock: any Clock = FixedClock(),
        profile: Profile = Profile(), send: (@Sendable (ShopDelivery) -> Int?)? = nil,
        desk: @escaping @Sendable (Received) -> Behaviour? = { _ in nil }
    ) throws {
        self.clock = clock
        self.profile = profile
        let site = Site(
            clock: clock, profile: profile, isEncrypted: transport != .plain, send: try send ?? ShopPost().send)
        self.site = site
        server = try MisbehavingServer(transport, handler: { desk($0) ?? site.answer($0) })
        let url = server.url
        site.state.withLock { [consumerKey, consumerSecret] state in
            state.home = url
            state.shop.keys.add(consumerKey, consumerSecret.reveal(), .readWrite)
        }
    }

    /// For `woocommerce.store_url`.
    package var url: String { server.url }
    /// The host of `url`.
    package var host: String { server.host }
    /// What a client must trust over TLS; nil for a plain shop.
    package var authority: String? { server.authority }
    /// Every request, in order of arrival.
    package var requests: [Received] { server.requests }

    /// The next requests get these, whatever they ask for; then the shop answers again.
    package func misbehave(_ behaviours: Behaviour...) { for behaviour in behaviours { server.add(behaviour) } }

    /// Ends every connection and listens no more.
    package func stop() { server.stop() }

    /// How many requests came to a resource: `GET orders`, `POST webhooks`.
    package func count(_ call: String) -> Int { site.state.withLock { $0.switches.counts[call] ?? 0 } }

    /// Webhooks that were lost on purpose.
    package var lostWebhooks: Int { site.state.withLock { $0.switches.lost } }

    /// While true no webhook leaves, and none counts as failed: as when nothing runs the shop's queue.
    package var losesWebhooks: Bool {
        get { site.state.withLock { $0.switches.losesWebhooks } }
        set { site.state.withLock { $0.switches.losesWebhooks = newValue } }
    }

    /// While true webhooks to private addresses and to other ports than 80, 443 and 8080 fail, as WordPress has it.
    package var refusesOddAddresses: Bool {
        get { site.state.withLock { $0.switches.refusesOddAddresses } }
        set { site.state.withLock { $0.switches.refusesOddAddresses = newValue } }
    }

    /// False as in WooCommerce: keys are only posted to https.
    package var allowsPlainCallback: Bool {
        get { site.state.withLock { $0.switches.allowsPlainCallback } }
        set { site.state.withLock { $0.switches.allowsPlainCallback = newValue } }
    }

    /// Runs the queue: every pending webhook leaves once, with the state of this moment.
    package func deliver() { site.deliver() }

    /// Webhooks that wait for `deliver`.
    package var pendingWebhooks: Int { site.state.withLock { $0.shop.hooks.pending.count } }

    /// As `GET webhooks` shows them, with `failure_count` and `secret` beside.
    package var webhooks: [ShopValue] {
        site.state.withLock { state in
            state.shop.hooks.hooks.sorted { $0.key < $1.key }.map { _, hook in
                var value = hook.value
                value["failure_count"] = .number(hook.failures)
                value["secret"] = .text(hook.secret)
                return value
            }
        }
    }

    /// Takes a pair of keys back, as a person does in WooCommerce.
    package func revoke(_ key: String) { site.state.withLock { $0.shop.keys.remove(key) } }

    func change<Result>(_ change: (inout ShopState, String, Timestamp) -> Result) -> Result {
        let now = clock.now()
        return site.state.withLock { change(&$0.shop, $0.home, now) }
    }
}
