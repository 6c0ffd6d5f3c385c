package import Core
package import Domain
package import SQL

extension MessagesTable {
    /// A draft with what the ledger has to know of it.
    package struct New: Sendable {
        let draft: MessageDraft
        let id: ID
        let channel: String
        let forerunner: ID?
        let possibleDuplicate: Bool

        /// - Parameter possibleDuplicate: what it repeats may have arrived.
        package init(
            _ draft: MessageDraft, id: ID, channel: String, forerunner: ID? = nil, possibleDuplicate: Bool = false
        ) {
            self.draft = draft
            self.id = id
            self.channel = channel
            self.forerunner = forerunner
            self.possibleDuplicate = possibleDuplicate
        }
    }

    /// Puts drafts into the ledger under their intent keys, in their order.
    package static func plan(_ drafts: [New], at now: Timestamp, in tx: any WriteTransaction) throws -> [Planned] {
        let isNew = try tx.runAll(drafts.map { insertion($0, at: now) }).map { $0 == 1 }
        let new = zip(drafts, isNew).filter(\.1).map(\.0)
        try TrailTable.add(new.flatMap { lines("planned", $0.draft, $0.id) }, at: now, in: tx)
        return try zip(drafts, isNew).map { draft, isNew in
            isNew ? .new(draft.id) : try revive(draft, at: now, in: tx)
        }
    }

    private static func insertion(_ new: New, at now: Timestamp) -> Query {
        let draft = new.draft
        let due = now + draft.delay
        let template = draft.content.template
        return """
            INSERT INTO messages
                (id, intent_key, purpose, class, contact_id, channel, text, template_name, template_language,
                 template_parameters, source_kind, source_id, source_rule, forerunner, required_order_status, status,
                 possible_duplicate, first_due_at, due_at, created_at, updated_at)
            VALUES
                (\(new.id), \(draft.intentKey), \(draft.purpose.rawValue), \(draft.purpose.isTransactional ? 0 : 1),
                 \(draft.contactID), \(new.channel), \(draft.content.text), \(template?.name), \(template?.language),
                 \(template.map { TemplateParametersText.write($0.parameters) }), \(draft.source.kind.rawValue),
                 \(draft.source.id), \(draft.source.rule), \(new.forerunner), \(draft.requiredOrderStatus), 'planned',
                 \(new.possibleDuplicate), \(due), \(due), \(now), \(now))
            ON CONFLICT (intent_key) DO NOTHING
            """
    }

    /// A row of this key is there: it lives again where nothing of it may have reached the person.
    private static func revive(_ new: New, at now: Timestamp, in tx: any WriteTransaction) throws -> Planned {
        let draft = new.draft
        let due = now + draft.delay
        let template = draft.content.template
        guard let found = try tx.first("SELECT id FROM messages WHERE intent_key = \(draft.intentKey)") else {
            throw DatabaseError(kind: .contention, message: "the intent key was taken and is gone")
        }
        let known = try found.id(0)
        let revived = try tx.run(
            """
            UPDATE messages SET
                status = 'planned', reason = NULL, failure_class = NULL, failure_code = NULL, failure_detail = NULL,
                contact_id = \(draft.contactID), channel = \(new.channel), text = \(draft.content.text),
                template_name = \(template?.name), template_language = \(template?.language),
                template_parameters = \(template.map { TemplateParametersText.write($0.parameters) }),
                required_order_status = \(draft.requiredOrderStatus), first_due_at = \(due), due_at = \(due),
                rate_tries = 0, server_tries = 0, network_tries = 0, claim_token = NULL, claim_until = NULL,
                version = version + 1, updated_at = \(now)
            WHERE id = \(known) AND status IN ('cancelled', 'suppressed')
                AND NOT EXISTS (
                    SELECT 1 FROM attempts
                    WHERE message_id = \(known) AND (outcome IS NULL OR outcome IN ('accepted', 'unknown')))
            """)
        guard revived == 1 else { return .alreadyThere(known) }
        try TrailTable.add(lines("revived", draft, known), at: now, in: tx)
        return .revived(known)
    }

    private static func lines(_ word: String, _ draft: MessageDraft, _ id: ID) -> [TrailTable.Line] {
        [.init(id, TrailNote(word))] + draft.notes.map { .init(id, $0) }
    }
}
