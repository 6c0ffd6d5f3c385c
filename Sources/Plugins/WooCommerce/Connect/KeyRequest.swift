import Domain
import Core
import Crypto
import HTTP
import PluginKit

/// Asks a shop for keys (`/wc-auth/v1/authorize`): its owner says yes there, and the shop posts them to us.
///
///     invite ──▶ the owner at the shop ──yes──▶ accept(keys) ──▶ set-up job
///        └── half an hour, or another invite ──▶ gone
///
/// What names the request is an id with a code over it; the key of that code is the webhook secret, which is not in
/// the database in the clear: nobody who reads the table can hand keys in.
struct KeyRequest: Sendable {
    static let path = "/hooks/woocommerce/keys"

    let connection: ShopConnection

    /// Opens the door for the shop that the setting names.
    func invite(by actor: String) throws {
        let now = connection.context.clock.now()
        _ = try connection.webhookSecret(by: actor)
        let invitation = Invitation(
            id: ID.make(at: now), store: try connection.client.address().text, expiresAt: now + Invitation.life)
        try connection.context.tables.write { tx in try InvitationsTable.put(invitation, in: tx) }
    }

    func cancel() throws {
        try connection.context.tables.write { tx in try InvitationsTable.removeAll(in: tx) }
    }

    /// The page of the shop where its owner says yes; nil when nothing is asked for.
    func address() throws -> String? {
        guard let invitation = try open(), let token = token(invitation) else { return nil }
        let own = connection.context.site().publicURL
        return invitation.store + "/wc-auth/v1/authorize?"
            + URLEncoding.encode([
                ("app_name", "Cartwright"), ("scope", "read_write"), ("user_id", token),
                ("return_url", own + ShopPage.path), ("callback_url", own + Self.path),
            ])
    }

    /// Takes keys from whoever shows the token; it is spent then.
    func accept(_ keys: OfferedKeys) throws -> Bool {
        guard let invitation = try open(), let token = token(invitation),
            ConstantTime.equal(Array(token.utf8), Array(keys.token.utf8)),
            try connection.context.tables.write({ tx in try InvitationsTable.use(invitation, in: tx) })
        else { return false }
        try connection.context.settingsWriter.change(
            [
                WooCommerceSettings.consumerKey.key: keys.key, WooCommerceSettings.consumerSecret.key: keys.secret,
            ], by: "woocommerce")
        try connection.context.jobs.enqueue(
            ShopConnection.setUpJob, payload: "", dedupe: ShopConnection.setUpJob, delay: .zero)
        return true
    }

    /// Of the shop that the setting names now.
    private func open() throws -> Invitation? {
        let now = connection.context.clock.now()
        let invitation = try connection.context.tables.read { tx in try InvitationsTable.open(at: now, in: tx) }
        guard let invitation, invitation.store == (try? connection.client.address().text) else { return nil }
        return invitation
    }

    private func token(_ invitation: Invitation) -> String? {
        guard let secret = connection.context.settings[WooCommerceSettings.webhookSecret], !secret.isEmpty
        else { return nil }
        let code = Signature(key: secret).code(for: "cartwright keys \(invitation.id) \(invitation.store)")
        return "\(invitation.id).\(code.base64URL)"
    }
}
