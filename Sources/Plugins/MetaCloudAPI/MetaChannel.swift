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
        // Nothing to fetch until somebody has filled in the settings.
        guard !account.isEmpty, sendingNumber() != nil else { return nil }
        do {
            return try TemplateCatalogue(api: try GraphAPI(settings), account: account, http: http).all()
        } catch let error as MetaError {
            throw Self.verdict(on: error)
        }
    }

    /// When the list may be asked for again.
    private static func verdict(on error: MetaError) -> any Error {
        switch error.kind {
        // A person has to act first; the next hour asks again.
        case .refused(let failure) where failure.failureClass == .stopNumber:
            JobFailure(.never, message: error.description)
        case .refused(let failure) where failure.failureClass == .tryLater:
            JobFailure(
                .after(Int(failure.code).flatMap(ErrorTable.leastWait) ?? .minutes(1)), message: error.description)
        case .notSetUp, .refused, .unexpectedAnswer, .unfit: error
        }
    }
}
