package import Domain
package import Templating

/// A channel with what is known of it: the one in use, or one that is about to be chosen.
package struct ChannelCandidate: Sendable {
    package var id: String
    package var abilities: ChannelAbilities
    /// As they were last fetched; empty before that.
    package var templates: [ChannelTemplate]

    package init(id: String, abilities: ChannelAbilities, templates: [ChannelTemplate]) {
        self.id = id
        self.abilities = abilities
        self.templates = templates
    }
}

/// Asked before another channel is chosen: names what this plugin has that it could not send. Runs outside any
/// transaction.
package struct ChannelObjector: Sendable {
    /// - Parameters: the channel, and the settings as they would be with it.
    package let objections: @Sendable (ChannelCandidate, any SettingsReader) throws -> [ChannelObjection]

    package init(
        objections: @escaping @Sendable (ChannelCandidate, any SettingsReader) throws -> [ChannelObjection]
    ) { self.objections = objections }
}

/// One thing that a channel could not send.
package struct ChannelObjection: Sendable, Equatable {
    /// What it is, as its page calls it.
    package var subject: Word
    package var reason: Word
    /// Where it is mended.
    package var href: String

    package init(_ subject: Word, _ reason: Word, href: String) {
        self.subject = subject
        self.reason = reason
        self.href = href
    }
}
