import PluginKit

/// Runs once at each start: tells the ledger again what arrived on the phones. A crash may have come between a
/// delivery and the ledger's note of it.
struct ReceiptsJob: Sendable {
    static let kind = "sandbox.resend_receipts"

    let phones: Phones

    var declaration: JobDeclaration {
        JobDeclaration(kind: Self.kind, every: nil, runsWhileHeld: true) { _ in try phones.reportAgain() }
    }
}
