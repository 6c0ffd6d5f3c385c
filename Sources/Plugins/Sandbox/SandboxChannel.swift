import Core
package import Domain
package import HTTP
package import PluginKit

/// Delivers into the sandbox's own tables: always at hand, free text at any time, statuses moved by hand.
package struct SandboxChannel: Channel {
    private let phones: Phones

    init(phones: Phones) { self.phones = phones }

    package var id: String { SandboxPlugin.id }

    package var abilities: ChannelAbilities {
        ChannelAbilities(
            freeText: .always, hasTemplates: false, hasReceipts: true, messagesPerSecond: 80, staysInside: true)
    }

    package func sendingNumber() -> String? { SandboxPlugin.id }

    package func call(_ message: OutgoingMessage) throws -> ChannelCall {
        guard let recipient = message.phone ?? message.bsuid else { throw NobodyNamed() }
        let text = Self.text(of: message.body)
        return .local { [phones] in
            let providerID = try phones.deliver(text, to: recipient, attempt: message.attempt)
            return .accepted(providerID: providerID, isHeld: false)
        }
    }

    /// Nothing goes over HTTP here.
    package func outcome(of response: OutboundResponse) -> SendOutcome {
        .unknown(code: "http_\(response.status)", detail: "", httpStatus: response.status)
    }

    package func templates() throws -> [ChannelTemplate]? { nil }

    /// A template's own words are known to its provider alone: its name and parameters are shown.
    private static func text(of body: OutgoingMessage.Body) -> String {
        switch body {
        case .text(let text): text
        case .template(let call):
            (["*\(call.name)* (\(call.language))"] + call.parameters.map { "\($0.name): \($0.value)" })
                .joined(separator: "\n")
        }
    }

    private struct NobodyNamed: Error, CustomStringConvertible {
        let description = "the message names neither a phone nor a user id"
    }
}
