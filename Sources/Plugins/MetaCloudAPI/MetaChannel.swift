package import Core
package import Domain
package import HTTP
package import PluginKit

/// The ledger's way to Meta.
package struct MetaChannel: Channel {
    private let settings: any SettingsReader
    private let http: any HTTPClient
    private let clock: any Clock

    package init(settings: any SettingsReader, http: any HTTPClient, clock: any Clock) {
        self.settings = settings
        self.http = http
        self.clock = clock
    }

    package var id: String { MetaCloudAPIPlugin.id }

    package var abilities: ChannelAbilities {
        ChannelAbilities(
            freeText: .insideWindow, hasTemplates: true, hasReceipts: true,
            messagesPerSecond: settings[MetaSettings.messagesPerSecond], pairInterval: .seconds(6))
    }

    /// The phone number's id at Meta. Nil also while the token is missing: nothing could leave.
    package func sendingNumber() -> String? {
        let number = settings[MetaSettings.phoneNumberID]
        guard !number.isEmpty, settings[MetaSettings.accessToken]?.isEmpty == false else { return nil }
        return number
    }

    package func call(_ message: OutgoingMessage) throws -> ChannelCall {
        guard let number = sendingNumber() else {
            throw MetaError(.notSetUp, "\(MetaSettings.phoneNumberID.key) or the access token is not set")
        }
        let api = try GraphAPI(settings)
        return .http(api.post([number, "messages"], json: try SendRequest.json(message)))
    }

    package func outcome(of response: OutboundResponse) -> SendOutcome {
        SendAnswer.outcome(of: response, now: clock.now())
    }

    package func templates() throws -> [ChannelTemplate]? {
        let account = settings[MetaSettings.wabaID]
        guard !account.isEmpty else { throw MetaError(.notSetUp, "\(MetaSettings.wabaID.key) is not set") }
        return try TemplateCatalogue(api: try GraphAPI(settings), account: account, http: http).all()
    }
}
