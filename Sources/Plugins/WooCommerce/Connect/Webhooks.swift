import Core
import PluginKit
import Text

/// Our webhooks in the shop: made, looked after and taken away by REST, and remembered here.
struct Webhooks: Sendable {
    /// What was found and done at one look.
    struct Report: Sendable, Equatable {
        var created = 0
        /// Switched on again or set right.
        var mended = 0
        /// Those that a person paused.
        var paused = 0
    }

    static let path = "/hooks/woocommerce"

    let client: ShopClient
    let tables: any Tables
    let clock: any Clock

    /// - Parameter isThorough: also switches on what a person paused in WooCommerce, and writes the secret anew.
    func reconcile(deliveryURL: String, secret: Secret, isThorough: Bool) throws -> Report {
        let found = try all().filter(\.mayBeOurs)
        let made = try tables.read { tx in try MadeTable.all(.webhook, in: tx) }
        let plan = HookPlan(found: found, made: made, deliveryURL: deliveryURL, at: clock.now(), isThorough: isThorough)
        let present = Set(found.map(\.id))
        for gone in made where !present.contains(gone.externalID) { try forget(gone.externalID) }
        var report = Report()
        for step in plan.steps {
            switch step {
            case .keep(let hook): try remember(hook, of: made, mendedAt: nil)
            case .leave(let hook):
                report.paused += 1
                try remember(hook, of: made, mendedAt: nil)
            case .create(let topic):
                report.created += 1
                _ = try create(topic, deliveryURL, secret)
            case .replace(let hook):
                report.mended += 1
                try delete(hook.id)
                _ = try create(hook.topic, deliveryURL, secret)
            case .mend(let hook):
                if hook.status != "active" { report.mended += 1 }
                let fields = Self.fields(hook.topic, deliveryURL, secret)
                let answer = try client.put("webhooks/\(hook.id)", json: fields).json
                try remember(try Self.hook(answer), of: made, mendedAt: hook.status == "active" ? nil : clock.now())
            case .remove(let hook): try delete(hook.id)
            }
        }
        return report
    }

    /// Makes one and takes it away again: WooCommerce pings a webhook once, while it is being made.
    /// - Returns: the shop's id of it, by which the ping is known.
    func ping(deliveryURL: String, secret: Secret) throws -> String {
        let fields = Self.fields(HookTopics.customerNote, deliveryURL, secret)
        let id = try client.post("webhooks", json: fields).json.shopID()
        _ = try client.delete("webhooks/\(id)", query: [("force", "true")])
        return id
    }

    /// Takes away all that we remember. What is gone already is gone.
    func removeAll() throws {
        for made in try tables.read({ tx in try MadeTable.all(.webhook, in: tx) }) { try delete(made.externalID) }
    }

    private func all() throws -> [FoundHook] {
        var found: [FoundHook] = []
        var page = 1
        while true {
            let answer = try client.get("webhooks", query: [("per_page", "100"), ("page", String(page))])
            found += try (answer.json.array ?? []).map(Self.hook)
            guard page < answer.pages ?? 1, page < 50 else { return found }
            page += 1
        }
    }

    private func create(_ topic: String, _ deliveryURL: String, _ secret: Secret) throws -> FoundHook {
        let answer = try client.post("webhooks", json: Self.fields(topic, deliveryURL, secret)).json
        let hook = try Self.hook(answer)
        try remember(hook, of: [], mendedAt: nil)
        return hook
    }

    private func delete(_ id: String) throws {
        do throws(ShopError) {
            _ = try client.delete("webhooks/\(id)", query: [("force", "true")])
        } catch {
            guard error.kind == .notFound else { throw error }
        }
        try forget(id)
    }

    private func remember(_ hook: FoundHook, of made: [Made], mendedAt: Timestamp?) throws {
        let known = made.first { $0.externalID == hook.id }
        let made = Made(
            kind: .webhook, externalID: hook.id, label: hook.topic, state: hook.status,
            madeAt: known?.madeAt ?? clock.now(), mendedAt: mendedAt ?? known?.mendedAt)
        guard made != known else { return }
        try tables.write { tx in try MadeTable.put(made, in: tx) }
    }

    private func forget(_ id: String) throws {
        try tables.write { tx in try MadeTable.remove(.webhook, id, in: tx) }
    }

    private static func hook(_ json: JSON) throws -> FoundHook {
        FoundHook(
            id: try json.shopID(), name: json["name"].string ?? "", topic: json["topic"].string ?? "",
            status: json["status"].string ?? "", deliveryURL: json["delivery_url"].string ?? "")
    }

    private static func fields(_ topic: String, _ deliveryURL: String, _ secret: Secret) -> [UInt8] {
        JSONWriter.object { json in
            json.field("name", HookTopics.name(topic))
            json.field("topic", topic)
            json.field("status", "active")
            json.field("delivery_url", deliveryURL)
            // Revealed to the shop that signs with it.
            json.field("secret", secret.reveal())
        }
    }
}
