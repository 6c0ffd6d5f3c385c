package import Core

/// What a provider says of a message it took: by its own id, and by the attempt we named in the callback data.
package struct StatusUpdate: Sendable, Equatable {
    package var channel: String
    package var providerID: String
    /// `<message id>.<n>` where the provider echoes it (`biz_opaque_callback_data`).
    package var attempt: AttemptRef?
    /// sent, delivered, read or failed.
    package var status: MessageStatus
    /// The provider's time; whole seconds at Meta.
    package var at: Timestamp
    package var failure: Failure?

    package init(
        channel: String, providerID: String, attempt: AttemptRef? = nil, status: MessageStatus, at: Timestamp,
        failure: Failure? = nil
    ) {
        self.channel = channel
        self.providerID = providerID
        self.attempt = attempt
        self.status = status
        self.at = at
        self.failure = failure
    }
}

/// One try of one message, in the text form that travels with it.
package struct AttemptRef: Sendable, Hashable, CustomStringConvertible {
    package var messageID: ID
    /// From 1.
    package var number: Int

    package init(messageID: ID, number: Int) {
        self.messageID = messageID
        self.number = number
    }

    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let id = ID(String(parts[0])), let number = Int(parts[1]), number > 0 else {
            return nil
        }
        self.init(messageID: id, number: number)
    }

    package var description: String { "\(messageID).\(number)" }
}

/// A message that a person wrote to the shop. It opens the 24-hour window.
package struct InboundMessage: Sendable, Equatable {
    package var channel: String
    package var providerID: String
    /// E.164 with `+`; nil when the provider shows only its own user id.
    package var phone: String?
    package var bsuid: String?
    package var profileName: String?
    package var at: Timestamp
    /// `text`, `button`, `interactive`, `image`, …: the provider's own word.
    package var type: String
    /// The text, or a button's or list row's title; nil where there is none.
    package var text: String?
    /// The message of ours it answers.
    package var repliesTo: String?

    package init(
        channel: String, providerID: String, phone: String?, bsuid: String? = nil, profileName: String? = nil,
        at: Timestamp, type: String, text: String? = nil, repliesTo: String? = nil
    ) {
        self.channel = channel
        self.providerID = providerID
        self.phone = phone
        self.bsuid = bsuid
        self.profileName = profileName
        self.at = at
        self.type = type
        self.text = text
        self.repliesTo = repliesTo
    }
}

/// A person's choice made in the provider's own app (Meta's `user_preferences`).
package struct PreferenceChange: Sendable, Equatable {
    package var channel: String
    package var phone: String?
    package var bsuid: String?
    /// True for stop; a resume never lifts a withdrawal made at the shop.
    package var stops: Bool
    package var at: Timestamp
    package var detail: String?

    package init(channel: String, phone: String?, bsuid: String?, stops: Bool, at: Timestamp, detail: String?) {
        self.channel = channel
        self.phone = phone
        self.bsuid = bsuid
        self.stops = stops
        self.at = at
        self.detail = detail
    }
}
