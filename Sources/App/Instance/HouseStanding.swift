import Messaging
import PluginKit

extension Host {
    /// Where messages go at this moment: the one answer behind the header, the banner, the overview and the pages.
    var standing: PageFrame.House {
        let channel = messaging.activeChannel
        guard messaging.maySend(by: channel) else { return .held }
        if settings[MessagingSettings.paused] { return .paused }
        guard let channel, channel.sendingNumber() != nil else { return .notSetUp }
        return channel.id == HeldSettings.sandbox ? .sandbox : .live
    }
}
