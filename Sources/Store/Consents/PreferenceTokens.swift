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

    /// The person's token of these weeks, made findable.
    package func issue(for contact: ID, at now: Timestamp, in tx: any WriteTransaction) throws -> String {
        let epoch = epoch(at: now)
        let token = token(for: contact, epoch: epoch)
        try store([(contact, token)], epoch: epoch, in: tx)
        return token
    }

    /// The same for many. Called as messages' bytes are made.
    package func issue(
        for contacts: Set<ID>, at now: Timestamp, in tx: any WriteTransaction
    ) throws -> [ID: String] {
        let epoch = epoch(at: now)
        // In one order, so that two who do this at the same moment do not wait for each other in a circle.
        let tokens = contacts.sorted().map { ($0, token(for: $0, epoch: epoch)) }
        try store(tokens, epoch: epoch, in: tx)
        return Dictionary(uniqueKeysWithValues: tokens)
    }

    private func epoch(at now: Timestamp) -> Int64 { now.milliseconds / Self.quarter.milliseconds }

    private func store(_ tokens: [(contact: ID, token: String)], epoch: Int64, in tx: any WriteTransaction) throws {
        guard !tokens.isEmpty else { return }
        let end = Timestamp(milliseconds: (epoch + 1) * Self.quarter.milliseconds) + Self.grace
        let rows: [Query] = tokens.map { contact, token in "(\(Token.hash(of: token)), \(contact), \(end))" }
        try tx.run(
            """
            INSERT INTO preference_tokens (token_hash, contact_id, expires_at) VALUES \(Query.joined(rows, ", "))
            ON CONFLICT (token_hash) DO NOTHING
            """)
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
