package import Core
import Crypto
package import SQL

/// The tokens of the links by which a person sees and changes their choices (`/u/<token>`).
///
/// A token is derived from contact and quarter, so that a message can be written again with the same link; only its
/// hash is stored. It holds for a year after its quarter, tells nothing and logs nobody in.
package struct PreferenceTokens: Sendable {
    let keys: HostKeys

    package init(keys: HostKeys) { self.keys = keys }

    private static let quarter = Timestamp.Span.days(91)
    private static let grace = Timestamp.Span.days(365)

    /// The person's token of these weeks, made findable. Called as a message's bytes are made.
    package func issue(for contact: ID, at now: Timestamp, in tx: any WriteTransaction) throws -> String {
        let epoch = now.milliseconds / Self.quarter.milliseconds
        let token = self.token(for: contact, epoch: epoch)
        let end = Timestamp(milliseconds: (epoch + 1) * Self.quarter.milliseconds)
        try tx.run(
            """
            INSERT INTO preference_tokens (token_hash, contact_id, expires_at)
            VALUES (\(Token.hash(of: token)), \(contact), \(end + Self.grace))
            ON CONFLICT (token_hash) DO NOTHING
            """)
        return token
    }

    /// Whose token it is; nil when it is unknown or expired.
    package func contact(for token: String, now: Timestamp, in tx: any ReadTransaction) throws -> ID? {
        try tx.first(
            """
            SELECT contact_id FROM preference_tokens
            WHERE token_hash = \(Token.hash(of: token)) AND expires_at > \(now)
            """
        )?.id(0)
    }

    package func removeExpired(by now: Timestamp, in tx: any WriteTransaction) throws -> Int {
        try tx.run("DELETE FROM preference_tokens WHERE expires_at <= \(now)")
    }

    private func token(for contact: ID, epoch: Int64) -> String {
        keys.link.code(for: "preferences \(contact) \(epoch)").base64URL
    }
}
