package import Core
package import Domain
package import SQL

/// The message templates that each channel's provider holds, as last seen there.
package enum ChannelTemplatesTable {
    private static let columns: Query = """
        external_id, name, language, status, category, body_parameters, body_text, components, quality
        """

    package static func all(channel: String, in tx: any ReadTransaction) throws -> [ChannelTemplate] {
        try tx.rows(
            "SELECT \(columns) FROM channel_templates WHERE channel = \(channel) ORDER BY name, language"
        ).map(template)
    }

    package static func find(
        channel: String, name: String, language: String, in tx: any ReadTransaction
    ) throws -> ChannelTemplate? {
        try tx.first(
            """
            SELECT \(columns) FROM channel_templates
            WHERE channel = \(channel) AND name = \(name) AND language = \(language)
            """
        ).map(template)
    }

    /// Those of these names, in all their languages.
    package static func all(
        named names: Set<String>, channel: String, in tx: any ReadTransaction
    ) throws -> [ChannelTemplate] {
        guard !names.isEmpty else { return [] }
        return try tx.rows(
            """
            SELECT \(columns) FROM channel_templates
            WHERE channel = \(channel) AND name IN \(Query.list(names.sorted()))
            """
        ).map(template)
    }

    /// Makes the table say what the provider says: new ones come, those it no longer names go.
    package static func replace(
        _ templates: [ChannelTemplate], channel: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        for template in templates { try put(template, channel: channel, at: now, in: tx) }
        let named = Set(templates.map { [$0.name, $0.language] })
        for known in try all(channel: channel, in: tx) where !named.contains([known.name, known.language]) {
            try tx.run(
                """
                DELETE FROM channel_templates
                WHERE channel = \(channel) AND name = \(known.name) AND language = \(known.language)
                """)
        }
        try RevisionsTable.raise(.templates, in: tx)
    }

    /// Forgets all that is known of a channel that is gone.
    package static func removeAll(channel: String, in tx: any WriteTransaction) throws {
        try tx.run("DELETE FROM channel_templates WHERE channel = \(channel)")
        try RevisionsTable.raise(.templates, in: tx)
    }

    private static func put(
        _ template: ChannelTemplate, channel: String, at now: Timestamp, in tx: any WriteTransaction
    ) throws {
        try tx.run(
            """
            INSERT INTO channel_templates (id, channel, external_id, name, language, status, category,
                body_parameters, body_text, components, quality, seen_at)
            VALUES (\(ID.make(at: now)), \(channel), \(template.externalID), \(template.name), \(template.language),
                \(template.status), \(template.category), \(JSONColumn.text(template.bodyParameters)),
                \(template.bodyText), \(template.components), \(template.quality), \(now))
            ON CONFLICT (channel, name, language) DO UPDATE
            SET external_id = excluded.external_id, status = excluded.status, category = excluded.category,
                body_parameters = excluded.body_parameters, body_text = excluded.body_text,
                components = excluded.components, quality = excluded.quality, seen_at = excluded.seen_at
            """)
    }

    private static func template(_ row: Row) throws -> ChannelTemplate {
        ChannelTemplate(
            externalID: try row.text(0), name: try row.text(1), language: try row.text(2), status: try row.text(3),
            category: try row.text(4), bodyParameters: try JSONColumn.list(row.text(5)), bodyText: try row.text(6),
            components: try row.text(7), quality: try row.textOrNil(8))
    }
}
