import Core
import Domain
import SQL
import Store
import Text

/// A consent on record as the API writes it: the row, and the details that are still kept of it.
enum ConsentJSON {
    static let schema = Schema.object([
        .required("id", .id), .required("contact_id", .nullable(.id)), .required("purpose", .purpose),
        .required("action", .choice(["grant", "withdraw", "shorten", "erase"])), .required("at", .time),
        .required("recorded_at", .time), .required("source", .text), .required("actor", .nullable(.text)),
        .required(
            "wording",
            .object([
                .required("text", .nullable(.text)), .required("version", .nullable(.text)),
                .required("language", .nullable(.text)),
            ])),
        .required("phone", .nullable(.text)), .required("page_url", .nullable(.text)),
        .required("ip_address", .nullable(.text)), .required("user_agent", .nullable(.text)),
        .required("reason", .nullable(.text)), .required("about", .nullable(.id)),
        .required("about_detail", .nullable(.text)),
    ])

    /// A row with its details by name.
    struct Evidence: Sendable {
        let record: ConsentRecord
        let details: [ConsentDetail: String]
    }

    static func evidence(_ records: [ConsentRecord], in tx: any ReadTransaction) throws -> [Evidence] {
        guard !records.isEmpty else { return [] }
        let kept = Dictionary(grouping: try ConsentsTable.details(of: records.map(\.id), in: tx), by: \.consentID)
        return records.map { record in
            let details = (kept[record.id] ?? []).map { ($0.detail, $0.value) }
            return Evidence(record: record, details: Dictionary(details) { first, _ in first })
        }
    }

    static func bytes(_ evidence: Evidence) -> [UInt8] { JSONWriter.object { json in write(evidence, &json) } }

    static func write(_ evidence: Evidence, _ json: inout JSONWriter) {
        let record = evidence.record
        json.field("id", record.id)
        json.field("contact_id", record.contactID)
        json.field("purpose", record.purpose.rawValue)
        json.field("action", record.kind.rawValue)
        json.field("at", record.at)
        json.field("recorded_at", record.recordedAt)
        json.field("source", record.source)
        json.field("actor", record.actor)
        json.object("wording") { json in
            json.field("text", evidence.details[.wording])
            json.field("version", record.wordingVersion)
            json.field("language", record.wordingLanguage)
        }
        json.field("phone", evidence.details[.phone])
        json.field("page_url", evidence.details[.page])
        json.field("ip_address", evidence.details[.address])
        json.field("user_agent", evidence.details[.agent])
        json.field("reason", evidence.details[.reason])
        json.field("about", record.about)
        json.field("about_detail", record.aboutDetail?.rawValue)
    }
}

/// What checking every consent came to.
enum ConsentVerdictJSON {
    static let schema = Schema.object([
        .required("ok", .flag), .required("rows", .integer), .required("head", .nullable(.text)),
        .required(
            "findings",
            .list(
                .object([
                    .required("kind", .choice(["changed", "missing", "inserted", "repointed", "cut"])),
                    .required("consent_id", .nullable(.id)), .required("fact", .nullable(.text)),
                    .required("seal", .nullable(.integer)),
                ]))),
    ])

    static func bytes(_ verdict: ConsentVerification.Verdict) -> [UInt8] {
        JSONWriter.object { json in
            json.field("ok", verdict.findings.isEmpty)
            json.field("rows", verdict.rows)
            json.field("head", verdict.head?.description)
            json.array("findings") { json in
                for finding in verdict.findings { json.object { json in write(finding, &json) } }
            }
        }
    }

    private static func write(_ finding: ConsentFinding, _ json: inout JSONWriter) {
        let (kind, id, fact, seal): (String, ID?, String?, Int64?) =
            switch finding {
            case .changed(let id, let fact): ("changed", id, fact.rawValue, nil)
            case .missing(let id): ("missing", id, nil, nil)
            case .inserted(let id): ("inserted", id, nil, nil)
            case .repointed(let id): ("repointed", id, nil, nil)
            case .cut(let seal): ("cut", nil, nil, seal)
            }
        json.field("kind", kind)
        json.field("consent_id", id)
        json.field("fact", fact)
        json.field("seal", seal)
    }
}
