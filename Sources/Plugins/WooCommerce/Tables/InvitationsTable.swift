import Core
import SQL

/// A shop that may give us keys: once, and for half an hour.
struct Invitation: Sendable, Equatable {
    static let life = Timestamp.Span.minutes(30)

    var id: ID
    var store: String
    var expiresAt: Timestamp
}

enum InvitationsTable {
    /// Takes the place of every earlier one.
    static func put(_ invitation: Invitation, in tx: any WriteTransaction) throws {
        try removeAll(in: tx)
        try tx.run(
            """
            INSERT INTO woocommerce_invitations (id, store, expires_at)
            VALUES (\(invitation.id), \(invitation.store), \(invitation.expiresAt))
            """)
    }

    static func open(at now: Timestamp, in tx: any ReadTransaction) throws -> Invitation? {
        try tx.first("SELECT id, store, expires_at FROM woocommerce_invitations WHERE expires_at > \(now)").map {
            Invitation(id: try $0.id(0), store: try $0.text(1), expiresAt: try $0.time(2))
        }
    }

    /// - Returns: whether it was still there: of two that use it at once only one hears yes.
    static func use(_ invitation: Invitation, in tx: any WriteTransaction) throws -> Bool {
        try tx.run("DELETE FROM woocommerce_invitations WHERE id = \(invitation.id)") == 1
    }

    static func removeAll(in tx: any WriteTransaction) throws { try tx.run("DELETE FROM woocommerce_invitations") }
}
