/// SMTP (RFC 5321) on one connection, as far as tests need it.
struct MailConversation {
    var line: ServerConnection
    let behaviour: MailDouble.Behaviour
    var isEncrypted: Bool
    let offersTLS: Bool
    let heard: (String) -> Void
    /// Shakes hands on the same connection.
    let encrypt: () -> ServerConnection?
    private var mail = MailDouble.Mail()

    init(
        line: ServerConnection, behaviour: MailDouble.Behaviour, isEncrypted: Bool, offersTLS: Bool,
        heard: @escaping (String) -> Void, encrypt: @escaping () -> ServerConnection?
    ) {
        self.line = line
        self.behaviour = behaviour
        self.isEncrypted = isEncrypted
        self.offersTLS = offersTLS
        self.heard = heard
        self.encrypt = encrypt
    }

    /// The mail, once it has come whole and was not refused.
    mutating func run() -> MailDouble.Mail? {
        say("220 mail.example ready")
        while let command = readLine() {
            let verb = command.prefix { $0 != " " }.uppercased()
            heard(command)
            switch misbehave(at: verb) {
            case .ended: return nil
            case .said: continue
            case .nothing: break
            }
            switch verb {
            case "EHLO":
                say("250-mail.example")
                if offersTLS, !isEncrypted { say("250-STARTTLS") }
                say("250 AUTH PLAIN")
            case "STARTTLS":
                say("220 go on")
                guard let encrypted = encrypt() else { return nil }
                line = encrypted
                isEncrypted = true
            case "AUTH":
                say("334 ")
                mail.login = readLine()
                say("235 welcome")
            case "MAIL":
                mail.from = Self.address(command)
                say("250 ok")
            case "RCPT":
                mail.to.append(Self.address(command))
                say("250 ok")
            case "DATA":
                say("354 go on")
                return readMessage()
            case "QUIT":
                say("221 bye")
                return nil
            default: say("500 what?")
            }
        }
        return nil
    }

    func sayTaken() { say("250 taken") }

    func readQuit() {
        while let command = readLine() {
            heard(command)
            guard command.uppercased() == "QUIT" else { continue }
            return say("221 bye")
        }
    }

    private enum Misbehaviour {
        case nothing, said, ended
    }

    private func misbehave(at verb: String) -> Misbehaviour {
        switch behaviour {
        case .says(let reply, let at) where at == verb:
            say(reply)
            return .said
        case .closes(let at) where at == verb:
            line.resetWhenClosed()
            return .ended
        default: return .nothing
        }
    }

    private mutating func readMessage() -> MailDouble.Mail? {
        var text = ""
        while let next = readLine() {
            if next == "." {
                guard case .nothing = misbehave(at: ".") else { return nil }
                mail.text = text
                mail.wasEncrypted = isEncrypted
                return mail
            }
            text += (next.hasPrefix(".") ? String(next.dropFirst()) : next) + "\r\n"
        }
        return nil
    }

    private func readLine() -> String? {
        line.read(through: [13, 10]).map { String(decoding: $0.dropLast(2), as: UTF8.self) }
    }

    private func say(_ reply: String) { line.write(Array((reply + "\r\n").utf8)) }

    /// What stands between `<` and `>`.
    private static func address(_ command: String) -> String {
        String(command.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
    }
}
