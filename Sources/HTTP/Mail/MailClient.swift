import CNet
package import Core

/// Hands mail to a server.
package protocol MailClient: Sendable {
    /// Waits until the server has taken it for every recipient. Never call it on a thread that must not block.
    func send(_ message: MailMessage, through server: MailServer) throws(MailError)
}

/// Why a mail was not taken.
package struct MailError: LoggableError, Sendable, Equatable, CustomStringConvertible {
    /// The server's last reply code, where it gave one.
    package let reply: Int?
    /// Libcurl's words: hosts and codes, never an address or a password.
    package let message: String
    /// Nothing will change by trying again: the server said no for good, or our own rules forbid it.
    package let isFinal: Bool

    package init(reply: Int?, message: String, isFinal: Bool) {
        self.reply = reply
        self.message = message
        self.isFinal = isFinal
    }

    package var description: String { message }
}

/// The real `MailClient`: a connection of its own for each mail, blocking.
package struct CurlMail: MailClient {
    private let extraAuthority: String?
    private let deadline: Timestamp.Span

    /// - Parameter extraAuthority: a PEM file trusted beside the system's authorities.
    package init(extraAuthority: String? = nil, deadline: Timestamp.Span = .seconds(15)) {
        self.extraAuthority = extraAuthority
        self.deadline = deadline
    }

    package func send(_ message: MailMessage, through server: MailServer) throws(MailError) {
        guard CurlMulti.start == 0 else {
            throw MailError(reply: nil, message: "libcurl cannot start", isFinal: false)
        }
        let outcome = perform(message, server)
        guard outcome.code != 0 else { return }
        throw Self.error(outcome)
    }

    private func perform(_ message: MailMessage, _ server: MailServer) -> cnet_mail_outcome {
        let texts = CStrings(
            [server.url(greetingAs: message.from.domain), message.from.description] + message.to.map(\.description))
        let user = CStrings([server.user, server.password?.reveal(), extraAuthority].map { $0 ?? "" })
        return message.bytes.withUnsafeBytes { bytes in
            texts.withPointers { texts in
                user.withPointers { user in
                    var mail = cnet_mail()
                    mail.url = texts[0]
                    mail.from = texts[1]
                    mail.to = texts.baseAddress.map { $0 + 2 }
                    mail.to_count = message.to.count
                    mail.user = server.user == nil ? nil : user[0]
                    mail.password = server.password == nil ? nil : user[1]
                    mail.extra_ca_file = extraAuthority == nil ? nil : user[2]
                    mail.bytes = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
                    mail.count = bytes.count
                    mail.may_be_plain = server.mayBePlain
                    mail.admit = server.mayBePlain ? Self.admitPrivate : Self.admitAll
                    mail.timeout_ms = Int(deadline.milliseconds)
                    return cnet_mail_send(&mail)
                }
            }
        }
    }

    /// The owner names the server, so it may be anywhere.
    private static let admitAll: cnet_mail_admit = { _, _ in true }
    /// Without TLS: never out of the own network, whatever the name leads to.
    private static let admitPrivate: cnet_mail_admit = { start, count in
        IPAddress(octets: UnsafeBufferPointer(start: start, count: count)).map { !$0.isPublic } ?? false
    }

    private static func error(_ outcome: cnet_mail_outcome) -> MailError {
        var words = outcome.words
        let said = withUnsafeBytes(of: &words) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let message = said.isEmpty ? String(cString: cnet_curl_message(outcome.code)) : said
        let reply = outcome.reply > 0 ? Int(outcome.reply) : nil
        return MailError(reply: reply, message: message, isFinal: reply.map { $0 >= 500 } ?? false)
    }
}

/// Texts with an address in memory for the length of a call.
private struct CStrings {
    private let texts: [String]

    init(_ texts: [String]) { self.texts = texts }

    func withPointers<T>(_ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> T) -> T {
        var bytes: [CChar] = []
        let starts = texts.map { text in
            defer { bytes += text.utf8CString }
            return bytes.count
        }
        return bytes.withUnsafeBufferPointer { buffer in
            let pointers = starts.map { start in buffer.baseAddress.map { $0 + start } }
            return pointers.withUnsafeBufferPointer(body)
        }
    }
}
