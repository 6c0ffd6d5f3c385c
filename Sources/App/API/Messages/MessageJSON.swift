import Core
import Domain
import SQL
import Store
import Text

/// A message as the API writes it.
enum MessageJSON {
    static let schema = Schema.object(properties)
    static let schemaWithTrail = Schema.object(
        properties + [.required("attempts", attempts), .required("trail", trail)])

    private static let properties: [Schema.Property] = [
        .required("id", .id), .required("intent_key", .text), .required("purpose", .purpose),
        .required("status", .choice(MessageStatus.allCases.map(\.rawValue))), .required("reason", .nullable(.text)),
        .required(
            "failure",
            .nullable(
                .object([
                    .required("class", .choice(FailureClass.allCases.map(\.rawValue))), .required("code", .text),
                    .required("detail", .text),
                ]))),
        .required("contact_id", .id), .required("to", .nullable(.text)), .required("channel", .text),
        .required("template", .nullable(.reference("Template"))), .required("text", .nullable(.text)),
        .required(
            "source",
            .object([
                .required("kind", .choice(["order", "cart", "campaign", "payment", "api"])),
                .required("id", .nullable(.id)), .required("rule", .nullable(.text)),
            ])),
        .required("provider_id", .nullable(.text)), .required("possible_duplicate", .flag), .required("due_at", .time),
        .required("created_at", .time), .required("handed_over_at", .nullable(.time)),
        .required("accepted_at", .nullable(.time)), .required("sent_at", .nullable(.time)),
        .required("delivered_at", .nullable(.time)), .required("read_at", .nullable(.time)),
        .required("failed_at", .nullable(.time)),
    ]

    private static let attempts = Schema.list(
        .object([
            .required("n", .integer), .required("at", .time), .required("outcome", .nullable(.text)),
            .required("http_status", .nullable(.integer)), .required("code", .nullable(.text)),
            .required("provider_id", .nullable(.text)),
        ]))

    private static let trail = Schema.list(
        .object([
            .required("at", .time), .required("kind", .text), .required("data", .map(.text)), .required("text", .text),
        ]))

    /// A row with the address that it went to, or would go to now.
    struct Addressed: Sendable {
        let row: LedgerRow
        let to: String?

        init(_ row: LedgerRow, in tx: any ReadTransaction) throws {
            self.row = row
            to = try row.recipient ?? ContactsTable.find(row.contactID, in: tx).flatMap { $0.phone ?? $0.bsuid }
        }
    }

    static func bytes(_ message: Addressed) -> [UInt8] { JSONWriter.object { json in write(message, &json) } }

    static func write(_ message: Addressed, _ json: inout JSONWriter) {
        let row = message.row
        json.field("id", row.id)
        json.field("intent_key", row.intentKey)
        json.field("purpose", row.purpose.rawValue)
        json.field("status", row.status.rawValue)
        json.field("reason", row.reason)
        write(row.failure, &json)
        json.field("contact_id", row.contactID)
        json.field("to", message.to)
        json.field("channel", row.channel)
        if let call = row.content.template {
            json.object("template") { json in TemplateCallJSON.write(call, &json) }
        } else {
            json.null("template")
        }
        json.field("text", row.content.text)
        json.object("source") { json in
            json.field("kind", row.source.kind.rawValue)
            json.field("id", row.source.id)
            json.field("rule", row.source.rule)
        }
        json.field("provider_id", row.providerID)
        json.field("possible_duplicate", row.possibleDuplicate)
        json.field("due_at", row.dueAt)
        json.field("created_at", row.createdAt)
        json.field("handed_over_at", row.handedOverAt)
        json.field("accepted_at", row.acceptedAt)
        json.field("sent_at", row.sentAt)
        json.field("delivered_at", row.deliveredAt)
        json.field("read_at", row.readAt)
        json.field("failed_at", row.failedAt)
    }

    static func write(_ attempts: [AttemptsTable.Attempt], _ json: inout JSONWriter) {
        json.array("attempts") { json in
            for attempt in attempts {
                json.object { json in
                    json.field("n", attempt.number)
                    json.field("at", attempt.at)
                    json.field("outcome", attempt.outcome)
                    json.field("http_status", attempt.httpStatus)
                    json.field("code", attempt.code)
                    json.field("provider_id", attempt.providerID)
                }
            }
        }
    }

    static func write(_ trail: [TrailTable.Entry], _ sentences: TrailSentences, _ json: inout JSONWriter) {
        json.array("trail") { json in
            for entry in trail {
                json.object { json in
                    json.field("at", entry.at)
                    json.field("kind", entry.note.kind)
                    json.object("data") { json in
                        for (key, value) in entry.note.data.sorted(by: { $0.key < $1.key }) { json.field(key, value) }
                    }
                    json.field("text", sentences.text(of: entry.note))
                }
            }
        }
    }

    private static func write(_ failure: Failure?, _ json: inout JSONWriter) {
        guard let failure else { return json.null("failure") }
        json.object("failure") { json in
            json.field("class", failure.failureClass.rawValue)
            json.field("code", failure.code)
            json.field("detail", failure.detail)
        }
    }
}
