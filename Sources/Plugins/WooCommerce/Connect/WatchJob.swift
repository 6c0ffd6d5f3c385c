import Core
import PluginKit

/// Looks after the connection every quarter of an hour: do the keys work, is each webhook there and on?
struct WatchJob: Sendable {
    static let kind = "woocommerce.watch"

    let connection: ShopConnection

    var declarations: [JobDeclaration] {
        [
            JobDeclaration(kind: Self.kind, every: .minutes(15)) { _ in try look() },
            JobDeclaration(kind: ShopConnection.setUpJob, every: nil) { _ in
                try jobFailure { try connection.setUp(by: "woocommerce") }
            },
        ]
    }

    private func look() throws {
        let alerts = connection.context.alerts
        let unreadable = connection.context.settings.unreadable([
            WooCommerceSettings.consumerKey.key, WooCommerceSettings.consumerSecret.key,
        ])
        guard connection.hasKeys || !unreadable.isEmpty else {
            alerts.close(ShopConnection.keysAlert)
            return alerts.close(ShopConnection.webhooksAlert)
        }
        let store = try connection.client.address().text
        try jobFailure {
            do {
                let report = try visit()
                try connection.note(store: store) { $0.trouble = nil }
                alerts.close(ShopConnection.keysAlert)
                tell(report)
            } catch let error as ShopError {
                let trouble = Trouble(error.word)
                try connection.note(store: store) { $0.trouble = trouble }
                if error.concernsKeys || error.kind == .forbidden {
                    alerts.open(
                        Alert(
                            id: ShopConnection.keysAlert, severity: .bad, word: trouble.word,
                            arguments: trouble.arguments, href: ShopPage.path))
                }
                throw error
            }
        }
    }

    /// Without webhooks of ours a look at the keys is all there is to do.
    private func visit() throws -> Webhooks.Report {
        let made = try connection.context.tables.read { tx in try MadeTable.all(.webhook, in: tx) }
        guard !made.isEmpty else {
            _ = try connection.client.get("orders", query: [("per_page", "1"), ("_fields", "id")])
            return Webhooks.Report()
        }
        return try connection.webhooks.reconcile(
            deliveryURL: connection.deliveryURL, secret: try connection.webhookSecret(by: "woocommerce"),
            isThorough: false)
    }

    /// What was mended is told too: somebody should know why, and it may come again.
    private func tell(_ report: Webhooks.Report) {
        let alerts = connection.context.alerts
        func open(_ word: String, _ count: Int) {
            alerts.open(
                Alert(
                    id: ShopConnection.webhooksAlert, severity: .warning, word: word,
                    arguments: ["number": String(count)], href: ShopPage.path))
        }
        if report.paused > 0 {
            open("alert.woocommerce.paused", report.paused)
        } else if report.mended + report.created > 0 {
            open("alert.woocommerce.mended", report.mended + report.created)
        } else {
            alerts.close(ShopConnection.webhooksAlert)
        }
    }

    /// What passes is tried again soon; what needs a person waits for one, and for the next quarter of an hour.
    private func jobFailure(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as ShopError {
            throw JobFailure(error.isPassing ? .after(.minutes(2)) : .never, message: error.description)
        }
    }
}
