import Core
import Database
import Domain
import HTTP
import Messaging
import SQL
import Store
import Text

/// `templates`: the message templates that the channels' providers hold, as last seen there.
struct TemplatesResource: APIResource {
    let host: Host

    private static let filters = [
        Endpoint.QueryParameter("channel", .text, "The channel's id; where nothing is said, the one in use.")
    ]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/templates", .scope(.read), "listTemplates", "A channel's templates by name and language.",
                query: ListQuery.parameters + Self.filters, gives: [.list(of: "ChannelTemplate")], handler: list),
            Endpoint(
                .post, "/templates/sync", .scope(.write), "syncTemplates",
                "Has the templates fetched from their providers.",
                gives: [.accepted(.object([]))], handler: sync),
        ]
    }

    private func list(_ request: Request, _ context: Context) throws -> Response {
        let query = try ListQuery(request, filters: Self.filters)
        try query.finish()
        let channel = query.text("channel") ?? host.settings[MessagingSettings.channel]
        let all = try host.database.read { tx in try ChannelTemplatesTable.all(channel: channel, in: tx) }
        // A template has no id of ours: its place is its name and language.
        let page = Page(of: all, query.page) { Cursor(key: "\($0.name) \($0.language)", id: ID(1)) }
        return page.response { template, json in ChannelTemplateJSON.write(template, channel: channel, &json) }
    }

    private func sync(_ request: Request, _ context: Context) throws -> Response {
        try Posting(host: host).respond(request, context) {
            let (now, wake) = (host.clock.now(), host.messaging.wake)
            return { tx in
                try JobsTable.hasten(HostJobs.syncTemplates, to: now, in: tx)
                tx.afterCommit { wake(.jobs) }
                return .success(APIAnswer(202, body: JSONWriter.object { _ in }))
            }
        }
    }
}

/// A provider's template as the API writes it.
enum ChannelTemplateJSON {
    static let schema = Schema.object([
        .required("id", .text), .required("channel", .text), .required("name", .text), .required("language", .text),
        .required("status", .text), .required("category", .text), .required("text", .text),
        .required("parameters", .list(.text)), .required("quality", .nullable(.text)),
    ])

    static func write(_ template: ChannelTemplate, channel: String, _ json: inout JSONWriter) {
        json.field("id", template.externalID)
        json.field("channel", channel)
        json.field("name", template.name)
        json.field("language", template.language)
        json.field("status", template.status)
        json.field("category", template.category)
        json.field("text", template.bodyText)
        json.field("parameters", template.bodyParameters)
        json.field("quality", template.quality)
    }
}
