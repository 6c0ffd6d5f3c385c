package import Domain
package import HTTP
package import PluginKit
import Synchronization

/// A channel that goes nowhere, as a plugin: it takes every message, keeps it, and answers what a test lays ready,
/// else that it was accepted. Statuses are the test's to report (`Host.effects`).
package final class RecordingChannel: Plugin, Channel {
    private struct State {
        var messages: [OutgoingMessage] = []
        var answers: [SendOutcome] = []
        var isSetUp = true
        var templates: [ChannelTemplate] = []
    }

    package let id: String
    package let abilities: ChannelAbilities
    private let state = Mutex(State())

    package init(id: String = "sandbox", abilities: ChannelAbilities? = nil) {
        self.id = id
        self.abilities =
            abilities
            ?? ChannelAbilities(freeText: .always, hasTemplates: true, hasReceipts: true, messagesPerSecond: 1000)
    }

    package var declaration: PluginDeclaration {
        PluginDeclaration(id: "recording", name: "Recording channel", version: "1", isCore: true, channels: [id])
    }

    package func parts(_ context: PluginContext) throws -> PluginParts {
        var parts = PluginParts()
        parts.channels = [self]
        return parts
    }

    /// What left, in order.
    package var messages: [OutgoingMessage] { state.withLock { $0.messages } }

    /// The texts of what left; a template stands as `name(first, second)`.
    package var texts: [String] {
        messages.map { message in
            switch message.body {
            case .text(let text): text
            case .template(let call): "\(call.name)(\(call.parameters.map(\.value).joined(separator: ", ")))"
            }
        }
    }

    /// Answers to the next messages, in order; then "accepted" again.
    package func answer(_ outcomes: SendOutcome...) { state.withLock { $0.answers += outcomes } }

    /// While false the channel has no number to send from.
    package func setUp(_ isSetUp: Bool) { state.withLock { $0.isSetUp = isSetUp } }

    /// What the provider would say it holds.
    package func hold(_ templates: [ChannelTemplate]) { state.withLock { $0.templates = templates } }

    package func sendingNumber() -> String? { state.withLock { $0.isSetUp ? "12025550100" : nil } }

    package func call(_ message: OutgoingMessage) throws -> ChannelCall {
        .local { [self] in
            state.withLock { state in
                state.messages.append(message)
                if !state.answers.isEmpty { return state.answers.removeFirst() }
                return .accepted(providerID: "recorded.\(message.attempt)", isHeld: false)
            }
        }
    }

    package func outcome(of response: OutboundResponse) -> SendOutcome {
        .unknown(code: "http_\(response.status)", detail: "", httpStatus: response.status)
    }

    package func templates() throws -> [ChannelTemplate]? { state.withLock { $0.templates } }
}
