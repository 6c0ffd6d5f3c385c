import Core
import CTestTLS
import Glibc
import Synchronization

/// A mail server on a loopback port that takes mail, or misbehaves as it is told.
package final class MailDouble: Sendable {
    package enum Security: Sendable {
        /// No encryption, and none to be had.
        case plain
        /// Plain until STARTTLS.
        case startTLS
        /// TLS from the first byte.
        case tls
    }

    /// What it does with one connection.
    package enum Behaviour: Sendable {
        case takes
        /// Says this at the named command (`EHLO`, `MAIL`, `RCPT`, `DATA`, or `.` for the message's end).
        case says(String, at: String)
        /// Ends the connection at the named command.
        case closes(at: String)
    }

    package struct Mail: Sendable, Equatable {
        package var from = ""
        package var to: [String] = []
        /// As it came, dots undone.
        package var text = ""
        /// `user:password` of AUTH PLAIN or LOGIN, decoded by nobody: base64 as it came.
        package var login: String?
        package var wasEncrypted = false
    }

    private struct State {
        var script: [Behaviour] = []
        var mails: [Mail] = []
        var commands: [String] = []
        var isStopped = false
    }

    private let socket: ListeningSocket
    private let security: Security
    private let folder: TemporaryFolder
    private let tls: MailTLS?
    private let state = Monitor(State())

    package init(_ security: Security = .plain, script: [Behaviour] = []) throws {
        signal(SIGPIPE, SIG_IGN)
        self.security = security
        folder = try TemporaryFolder()
        socket = try ListeningSocket()
        tls = security == .plain ? nil : try MailTLS(certificate: folder.file("authority.pem"))
        state.withLock { $0.script = script }
        try Thread.start("mail-double") { [socket, weak self] in
            while let peer = socket.accept() {
                self?.converse(peer)
                close(peer)
            }
            close(socket.descriptor)
        }.detach()
    }

    deinit { stop() }

    package var port: UInt16 { socket.port }

    /// As the setting `smtp.url` names it, with a login.
    package var url: String {
        switch security {
        case .plain: "smtp://127.0.0.1:\(port)?starttls=off"
        case .startTLS: "smtp://shop%40mail.example:pass-word@localhost:\(port)"
        case .tls: "smtps://shop%40mail.example:pass-word@localhost:\(port)"
        }
    }

    /// The PEM file that a client must trust; nil for a plain server.
    package var authority: String? { tls == nil ? nil : folder.file("authority.pem") }

    package var mails: [Mail] { state.withLock { $0.mails } }
    package var commands: [String] { state.withLock { $0.commands } }

    package func add(_ behaviours: Behaviour...) { state.withLock { $0.script += behaviours } }

    package func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            shutdown(socket.descriptor, Int32(SHUT_RDWR))
        }
    }

    private func converse(_ peer: Int32) {
        let behaviour = state.withLock { $0.script.isEmpty ? .takes : $0.script.removeFirst() }
        guard let line = ServerConnection(peer, tls: security == .tls ? tls?.handle : nil) else { return }
        var talk = MailConversation(
            line: line, behaviour: behaviour, isEncrypted: security == .tls, offersTLS: security == .startTLS,
            heard: { [state] command in state.withLock { $0.commands.append(command) } },
            encrypt: { [tls] in ServerConnection(peer, tls: tls?.handle) })
        if let mail = talk.run() {
            state.withLock { $0.mails.append(mail) }
            talk.sayTaken()
        }
        talk.readQuit()
    }
}

/// The server's key and certificate.
///
/// `@unchecked Sendable` is true because OpenSSL's SSL_CTX may be used from every thread once it is set up.
private final class MailTLS: @unchecked Sendable {
    let handle: OpaquePointer

    init(certificate: String) throws {
        guard let handle = ctest_tls_create("localhost", false, certificate) else {
            throw SocketError(what: "TLS", code: 0)
        }
        self.handle = handle
    }

    deinit { ctest_tls_free(handle) }
}
