import Core
import HTTP
import Localization
import Messaging
import PluginKit
import Templating
import Text

/// `settings`: one flat object of texts in their normal form; a secret is only ever shown as `(set)`.
struct SettingsResource: APIResource {
    let host: Host

    /// How a set secret reads; written back, it leaves the secret as it is.
    private static let mask = "(set)"

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/settings", .scope(.admin), "getSettings", "All settings as they are in force.",
                gives: [.done(.reference("Settings"))], handler: show),
            Endpoint(
                .patch, "/settings", .scope(.admin), "changeSettings",
                """
                Changes the settings that are sent, all or none; null takes one back to its default. Another \
                sending.channel that could not send all that is set up is answered 409, with what it could not.
                """,
                query: [.init("confirm", .flag, "true chooses the channel whatever it cannot send.")],
                takes: .init("NewSettings", example: #"{"site.name":"Wool & Co"}"#),
                gives: [.done(.reference("Settings"))], mayConflict: true, handler: change),
        ]
    }

    private func show(_ request: Request, _ context: Context) throws -> Response {
        let settings = host.settings
        return .json(
            JSONWriter.object { json in
                for declaration in settings.declarations.sorted(by: { $0.key < $1.key }) {
                    let text = settings.shown(declaration)
                    json.field(declaration.key, text.isEmpty ? nil : text)
                }
            })
    }

    private func change(_ request: Request, _ context: Context) throws -> Response {
        var changes: [String: String] = [:]
        var fields = Fields()
        if let confirm = request.query["confirm"], !["true", "false"].contains(confirm) {
            fields.reject("confirm", "invalid", "Send true or false.")
        }
        for (key, value) in try request.jsonObject().object ?? [] {
            guard let text = Self.text(value) else {
                fields.reject(key, "invalid", "Send text, a number, true, false or null.")
                continue
            }
            if host.settings.declaration(key)?.isSecret == true, text == Self.mask { continue }
            changes[key] = text
        }
        try fields.finish()
        if request.query["confirm"] != "true" { try refuseObjections(to: changes) }
        do {
            try host.settings.change(changes, by: context.actor)
        } catch let problems as SettingProblems {
            throw Refusal(422, "Nothing was changed.", errors: errors(problems))
        }
        return try show(request, context)
    }

    private func refuseObjections(to changes: [String: String]) throws {
        let objections = try host.objections(to: changes)
        guard !objections.isEmpty else { return }
        let words = LocalWords(host.catalog.words(for: "en"), zone: .utc)
        throw Refusal(
            409,
            """
            Nothing was changed: the channel could not send all that is set up. Mend what is listed, or call with \
            confirm=true.
            """,
            errors: objections.map {
                Refusal.FieldError(MessagingSettings.channel.key, "cannot_send", $0.sentence(words))
            })
    }

    /// The text that stands for a JSON value: a list of texts by commas, anything else that is nested as its JSON.
    private static func text(_ value: JSON) -> String? {
        if value.isNull { return "" }
        if let text = value.stringOrNumber { return text }
        if let flag = value.bool { return flag ? "true" : "false" }
        if let list = value.array, list.allSatisfy({ $0.string?.contains(",") == false }) {
            return list.compactMap(\.string).joined(separator: ",")
        }
        var json = JSONWriter()
        json.value(value)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private func errors(_ problems: SettingProblems) -> [Refusal.FieldError] {
        let words = host.catalog.words(for: "en")
        return problems.byKey.sorted { $0.key < $1.key }.map { key, problem in
            let word = "problem." + problem.id
            let detail = words.has(word) ? words.text(word, problem.arguments.mapValues { .text($0) }) : problem.id
            return Refusal.FieldError(key, problem.id, detail)
        }
    }
}
