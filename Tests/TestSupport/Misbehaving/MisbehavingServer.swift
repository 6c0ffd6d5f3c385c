import CTestTLS
import Core
import Glibc

/// A server on a loopback port that does with each request what it is told, also what no server should. It counts
/// what reached it, whole requests only, whatever the client believes.
package final class MisbehavingServer: Sendable {
    /// What it speaks.
    package enum Transport: Sendable, CaseIterable {
        case plain
        /// HTTP/1.1 over TLS, for the name `localhost`.
        case tls
        /// HTTP/2 over TLS, for the name `localhost`.
        case http2
    }

    private struct State {
        var script: [Behaviour]
        var requests: [Received] = []
        var connections = 0
        var open: Set<Int32> = []
        var isStopped = false
    }

    private let socket: ListeningSocket
    private let transport: Transport
    private let tls: TLSContext?
    private let folder: TemporaryFolder
    private let onConnection: @Sendable () -> Void
    private let handler: @Sendable (Received) -> Behaviour
    private let state: Monitor<State>

    /// - Parameters:
    ///   - script: what the first requests get, in the order in which their heads arrive.
    ///   - onConnection: called for each connection before a byte of it is read, a handshake's among them.
    ///   - handler: decides about every further request.
    package init(
        _ transport: Transport = .plain, script: [Behaviour] = [], onConnection: @escaping @Sendable () -> Void = {},
        handler: @escaping @Sendable (Received) -> Behaviour = { _ in .answer(200) }
    ) throws {
        // A peer that is gone shall be an error of the call that writes to it.
        signal(SIGPIPE, SIG_IGN)
        self.transport = transport
        self.onConnection = onConnection
        self.handler = handler
        folder = try TemporaryFolder()
        socket = try ListeningSocket()
        state = Monitor(State(script: script))
        tls = transport == .plain ? nil : try TLSContext(http2: transport == .http2, in: folder)
        try Thread.start("misbehaving") { [socket, state, weak self] in
            while let peer = socket.accept() {
                guard let self, self.serve(peer) else {
                    close(peer)
                    break
                }
            }
            // Under the lock, so that `stop` never shuts down whoever gets the descriptor's number next.
            state.withLock { state in
                state.isStopped = true
                close(socket.descriptor)
            }
        }.detach()
    }

    deinit { stop() }

    /// `http://127.0.0.1:…`, or `https://localhost:…` under TLS.
    package var url: String {
        transport == .plain ? "http://127.0.0.1:\(socket.port)" : "https://localhost:\(socket.port)"
    }

    /// The host of `url`, as allowed hosts name it.
    package var host: String { transport == .plain ? "127.0.0.1" : "localhost" }

    /// The PEM file that a client must trust; nil for a plain server.
    package var authority: String? { tls == nil ? nil : TLSContext.certificate(in: folder) }

    /// Whole requests, in order of arrival.
    package var requests: [Received] { state.withLock { $0.requests } }
    package var connections: Int { state.withLock { $0.connections } }

    /// Blocks until so many whole requests have come, at most 20 s.
    @discardableResult
    package func wait(forRequests count: Int) -> Bool {
        state.wait(atMost: .seconds(20)) { $0.requests.count >= count ? true : nil } ?? false
    }

    /// Puts behaviours behind what the script still holds.
    package func add(_ behaviours: Behaviour...) {
        state.withLock { $0.script += behaviours }
    }

    /// Accepts nothing more and ends every connection.
    package func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            shutdown(socket.descriptor, Int32(SHUT_RDWR))
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    func nextInScript() -> Behaviour? {
        state.withLock { $0.script.isEmpty ? nil : $0.script.removeFirst() }
    }

    func received(_ request: Received, scripted: Behaviour?) -> Behaviour {
        state.withLock { $0.requests.append(request) }
        state.wakeAll()
        return scripted ?? handler(request)
    }

    /// Gives the connection a thread. False when the server has stopped or there is none to be had.
    private func serve(_ peer: Int32) -> Bool {
        let number: Int? = state.withLock { state in
            guard !state.isStopped else { return nil }
            state.connections += 1
            state.open.insert(peer)
            return state.connections
        }
        guard let number else { return false }
        let thread = try? Thread.start("misbehaving-\(number)") {
            self.converse(peer, number)
        }
        thread?.detach()
        return thread != nil
    }

    private func converse(_ peer: Int32, _ number: Int) {
        onConnection()
        if let connection = ServerConnection(peer, tls: tls?.handle) {
            if connection.isHTTP2 {
                HTTP2Conversation(connection: connection, server: self, number: number).run()
            } else {
                HTTP1Conversation(connection: connection, server: self, number: number).run()
            }
        }
        // Before the descriptor is closed and its number given to somebody else.
        state.withLock { _ = $0.open.remove(peer) }
        close(peer)
    }
}

/// The server's key and certificate.
///
/// `@unchecked Sendable` is true because OpenSSL's SSL_CTX may be used from every thread once it is set up.
private final class TLSContext: @unchecked Sendable {
    let handle: OpaquePointer

    init(http2: Bool, in folder: TemporaryFolder) throws {
        guard let handle = ctest_tls_create("localhost", http2, Self.certificate(in: folder)) else {
            throw SocketError(what: "TLS", code: 0)
        }
        self.handle = handle
    }

    deinit { ctest_tls_free(handle) }

    static func certificate(in folder: TemporaryFolder) -> String { folder.file("authority.pem") }
}
