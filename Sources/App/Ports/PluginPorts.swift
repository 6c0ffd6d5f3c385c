import Core
import Database
import Domain
import HTTP
import Messaging
import PluginKit
import SQL
import Store

/// Jobs as plugins ask for them.
struct JobsPort: Jobs {
    let context: MessagingContext

    func enqueue(_ kind: String, payload: String, dedupe: String?, delay: Timestamp.Span) throws {
        let now = context.clock.now()
        _ = try context.database.write { tx in
            try JobsTable.enqueue(kind, payload: payload, dedupe: dedupe, due: now + delay, at: now, in: tx)
        }
        context.wake(.jobs)
    }
}

/// The tables of one plugin: all whose names begin with its id and an underscore.
struct TablesPort: Tables {
    let database: Database
    let plugin: String

    func read<T>(_ body: (any ReadTransaction) throws -> T) throws -> T {
        try database.read(prefix: plugin + "_", body)
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> T) throws -> T {
        try database.write(prefix: plugin + "_", body)
    }
}

struct ChannelTemplatesPort: ChannelTemplates {
    let context: MessagingContext

    func all(channel: String) throws -> [ChannelTemplate] {
        try context.database.read { tx in try ChannelTemplatesTable.all(channel: channel, in: tx) }
    }

    /// What was fetched is the provider's word of now: pauses of templates that it calls approved are lifted.
    func store(_ templates: [ChannelTemplate], channel: String) throws {
        let now = context.clock.now()
        try context.database.write { tx in
            try ChannelTemplatesTable.replace(templates, channel: channel, at: now, in: tx)
            try LedgerUpkeep.dueNow(waitingFor: PolicyReason.templatesNotFetched.rawValue, at: now, in: tx)
            for template in templates where template.status == "APPROVED" {
                let call = TemplateCall(name: template.name, language: template.language)
                let subject = FailureConsequences.subject(call, channel: channel)
                if try PausesTable.lift(.template, subject, in: tx) {
                    try LedgerUpkeep.dueNow(
                        waitingFor: PolicyReason.templatePaused.rawValue, at: now, in: tx)
                }
            }
        }
        context.wake(.messages)
    }
}

/// A plugin's way out: only to the hosts that it declared, and only to read where this may be a copy of the shop's
/// database: what a copy changed outside would be changed for the original.
struct PluginHTTPClient: HTTPClient {
    let client: any HTTPClient
    let isHeld: @Sendable () -> Bool
    let allowed: @Sendable () -> AllowedHosts

    var freeSlots: Int { client.freeSlots }

    func send(_ request: OutboundRequest) throws(HTTPClientError) -> OutboundResponse {
        if let refusal = refusal(of: request) { throw refusal }
        return try client.send(confined(request))
    }

    func submit(
        _ request: OutboundRequest, completion: @escaping @Sendable (Result<OutboundResponse, HTTPClientError>) -> Void
    ) {
        if let refusal = refusal(of: request) { return completion(.failure(refusal)) }
        client.submit(confined(request), completion: completion)
    }

    private func refusal(of request: OutboundRequest) -> HTTPClientError? {
        guard isHeld(), request.method != .get, request.method != .head else { return nil }
        return HTTPClientError(
            .refused(.notConfirmed),
            "nothing is changed outside until an owner says at /admin/instance that this is no copy")
    }

    private func confined(_ request: OutboundRequest) -> OutboundRequest {
        var request = request
        request.hosts = allowed()
        return request
    }
}

/// Settings as plugins change them: checked, stored and audited like anybody's.
struct SettingsWriterPort: SettingsWriter {
    let settings: SettingsHub

    func change(_ values: [String: String], by actor: String) throws { try settings.change(values, by: actor) }
}
