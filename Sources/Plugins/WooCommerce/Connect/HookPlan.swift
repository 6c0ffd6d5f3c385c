import Core

/// A webhook as the shop has it.
struct FoundHook: Sendable, Equatable {
    var id: String
    var name: String
    var topic: String
    var status: String
    var deliveryURL: String

    /// An id alone proves nothing: in another shop, or one restored from a copy, it is somebody else's webhook.
    var mayBeOurs: Bool { name.hasPrefix(HookTopics.name("")) || deliveryURL.hasSuffix(Webhooks.path) }
}

/// What has to be done in the shop so that each topic has exactly one working webhook of ours.
///
/// WooCommerce switches a webhook off after seven failures in a row and does not forget them when it is switched on
/// again: the next single failure switches it off anew. So it is switched on once, and made anew the next time.
struct HookPlan: Equatable {
    enum Step: Equatable {
        case create(topic: String)
        /// Switches on, and sets address and secret right.
        case mend(FoundHook)
        case replace(FoundHook)
        /// A second one for the same topic.
        case remove(FoundHook)
        case keep(FoundHook)
        /// A person paused it in WooCommerce: that is for a person to take back.
        case leave(FoundHook)
    }

    /// Within this time a second switching off means that switching on does not help.
    static let mendingHolds = Timestamp.Span.days(1)

    let steps: [Step]

    /// - Parameters:
    ///   - found: every webhook of the shop.
    ///   - made: those that we remember.
    ///   - isThorough: somebody asked for it: what a person paused is resumed, and what works is set right as well.
    init(found: [FoundHook], made: [Made], deliveryURL: String, at now: Timestamp, isThorough: Bool) {
        let known = Dictionary(made.map { ($0.externalID, $0) }, uniquingKeysWith: { first, _ in first })
        let ours = found.filter { known[$0.id] != nil || $0.deliveryURL == deliveryURL }
        steps = HookTopics.all.flatMap { topic -> [Step] in
            // Those that we remember before those that somebody made by hand, the oldest first.
            let candidates = ours.filter { $0.topic == topic }.sorted {
                (known[$0.id] == nil ? 1 : 0, Int($0.id) ?? 0) < (known[$1.id] == nil ? 1 : 0, Int($1.id) ?? 0)
            }
            guard let hook = candidates.first else { return [.create(topic: topic)] }
            let isElsewhere = hook.deliveryURL != deliveryURL
            let step: Step =
                switch hook.status {
                case "active": isThorough || isElsewhere || known[hook.id] == nil ? .mend(hook) : .keep(hook)
                case "paused": isThorough ? .mend(hook) : .leave(hook)
                default:
                    if let mended = known[hook.id]?.mendedAt, now - mended < Self.mendingHolds {
                        .replace(hook)
                    } else {
                        .mend(hook)
                    }
                }
            return [step] + candidates.dropFirst().map(Step.remove)
        }
    }
}
