import Database
import Core
import Messaging
import PluginKit
import Store
import Templating

extension Host {
    /// What speaks against the channel that `changes` would choose; nothing where they choose none, or where one of
    /// them would be refused. Call outside any transaction.
    func objections(to changes: [String: String]) throws -> [ChannelObjection] {
        guard changes[MessagingSettings.channel.key] != nil, let proposed = ProposedSettings(changes, over: settings)
        else { return [] }
        let id = proposed[MessagingSettings.channel]
        guard id != settings[MessagingSettings.channel] else { return [] }
        guard let channel = plugins.channel(id) else {
            return [ChannelObjection(Word("plugins.title"), Word("settings.channel_off"), href: "/admin/plugins")]
        }
        let candidate = ChannelCandidate(
            id: id, abilities: channel.abilities,
            templates: try database.read { tx in try ChannelTemplatesTable.all(channel: id, in: tx) })
        return plugins.active.flatMap { plugin in
            plugin.parts.objectors.flatMap { objector in
                let call = calls.run(plugin.declaration.id) { try objector.objections(candidate, proposed) }
                if case .done(let objections) = call.outcome { return objections }
                // A plugin that is broken must not hold the channel: it may be the way out.
                log.error("objections are not known", ["plugin": .text(plugin.declaration.id)])
                return []
            }
        }
    }
}

extension ChannelObjection {
    /// In one line, for programs and terminals.
    func sentence(_ words: any TemplateWords) -> String {
        "\(words.text(subject)) (\(href)): \(words.text(reason))"
    }
}

/// An objection as a page lists it.
struct ObjectionRow: TemplateModel {
    var objection: ChannelObjection

    static let fields: [Field<Self>] = [
        .text("href") { $0.objection.href }, .word("subject") { $0.objection.subject },
        .word("reason") { $0.objection.reason },
    ]
}
