import Core
import PluginKit
import Templating

/// `/admin/shop` as plain values.
struct ShopModel: TemplateModel, FormPage {
    var form: ConnectForm
    /// Ours, as the world sees it.
    var publicURL: String
    var canChange = false
    var hasKeys = false
    /// The last letters of the key that is set.
    var keyEnding: String?
    /// The shop's page that grants keys, while it is asked.
    var authorizeURL: String?
    var record: ShopRecord?
    var offer: [SiteOffer.Difference] = []
    var trouble: Word?
    var reach = HookReach(publicURL: "", shop: nil)
    var hooks: [Hook] = []
    /// Whether the ping that was asked for came; nil when none was.
    var ping: Bool?
    var poll: Timestamp.Span?
    /// When the shop was last asked with success.
    var polledAt: Timestamp?
    var errors: [FormError] = []

    var formErrors: [FormError] { errors }

    /// WooCommerce hands keys over only to an address that nobody can read along.
    private var canAskForKeys: Bool { publicURL.hasPrefix("https://") }
    private var isHeard: Bool { ping == true || hooks.contains { $0.heardAt != nil } }

    /// Why nothing has arrived, as well as it can be known.
    private var silence: Word? {
        guard hasKeys, !isHeard, ping == false || !hooks.isEmpty else { return nil }
        return reach.obstacle ?? Word("shop.silence", ["url": .text(publicURL)])
    }

    static let fields: [Field<Self>] = [
        .flag("canChange") { $0.canChange }, .flag("connected") { $0.hasKeys },
        .flag("waiting") { $0.authorizeURL != nil }, .text("authorizeHref") { $0.authorizeURL },
        .text("address") { $0.form.address }, .text("store") { $0.record?.store ?? $0.form.address },
        .text("key") { $0.form.key }, .flag("pasting") { $0.form.wantsToPaste || !$0.canAskForKeys },
        .flag("canAsk") { $0.canAskForKeys }, .text("publicURL") { $0.publicURL },
        .word("addressError") { $0.error("address") }, .word("keyError") { $0.error("consumer_key") },
        .word("secretError") { $0.error("consumer_secret") },
        .word("trouble") { $0.trouble }, .text("keyEnding") { $0.keyEnding },
        .object("state", Pill.self) { $0.state },
        .object("facts", Facts.self) { model in
            guard model.hasKeys, let record = model.record, !record.facts.wooCommerce.isEmpty else { return nil }
            return Facts(record: record)
        },
        .flag("reading") { $0.hasKeys && $0.trouble == nil && $0.record?.facts.wooCommerce.isEmpty != false },
        .flag("hasOffer") { $0.hasKeys && !$0.offer.isEmpty }, .list("offer", Offer.self) { $0.offer.map(Offer.init) },
        .word("obstacle") { $0.isHeard ? nil : $0.reach.obstacle },
        .flag("plain") { $0.reach.isPlain && $0.reach.obstacle == nil },
        .flag("hasHooks") { !$0.hooks.isEmpty }, .list("hooks", Hook.self) { $0.hooks },
        .word("silence") { $0.silence }, .flag("pingCame") { $0.ping == true },
        .time("pingAskedAt") { $0.ping == nil ? nil : $0.record?.pingAskedAt },
        .word("poll") { $0.pollWord }, .time("polledAt") { $0.polledAt },
    ]

    private func error(_ field: String) -> Word? { errors.first { $0.field == field }?.message }

    private var state: Pill {
        if hasKeys { return trouble == nil ? Pill(.good, "shop.state.connected") : Pill(.bad, "shop.state.trouble") }
        return authorizeURL == nil ? Pill(.idle, "shop.state.none") : Pill(.info, "shop.state.waiting")
    }

    private var pollWord: Word {
        guard let poll else { return Word("shop.poll_off") }
        let minutes = max(1, poll.milliseconds / 60_000)
        return Word("shop.poll", ["count": .number(minutes)])
    }

    struct Facts: TemplateModel {
        let record: ShopRecord

        static let fields: [Field<Self>] = [
            .text("name") { $0.record.facts.name }, .text("currency") { $0.record.facts.currency },
            .text("country") { $0.record.facts.country }, .text("timeZone") { $0.record.facts.timeZone },
            .text("language") { $0.record.facts.language }, .text("wooCommerce") { $0.record.facts.wooCommerce },
            .text("wordPress") { $0.record.facts.wordPress }, .flag("tooOld") { $0.record.facts.isTooOld == true },
            .time("lookedAt") { $0.record.lookedAt },
        ]
    }

    /// What the shop calls otherwise than our settings do.
    struct Offer: TemplateModel {
        let difference: SiteOffer.Difference

        init(_ difference: SiteOffer.Difference) { self.difference = difference }

        static let fields: [Field<Self>] = [
            .word("label") { Word("setting.\($0.difference.key).label") }, .text("ours") { $0.difference.ours },
            .text("theirs") { $0.difference.theirs },
        ]
    }

    struct Hook: TemplateModel {
        let made: Made
        let heard: HeardTable.Heard?

        var heardAt: Timestamp? { heard?.deliveredAt ?? heard?.pingedAt }

        static let fields: [Field<Self>] = [
            .text("topic") { $0.made.label }, .object("state", Pill.self) { $0.state },
            .time("heardAt") { $0.heardAt }, .flag("onlyPinged") { $0.heard?.deliveredAt == nil },
        ]

        private var state: Pill {
            switch made.state {
            case "active": Pill(.good, "shop.hook.active")
            case "paused": Pill(.warning, "shop.hook.paused")
            default: Pill(.bad, "shop.hook.disabled")
            }
        }
    }
}
