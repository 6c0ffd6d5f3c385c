import CNet
package import Core
import Synchronization

/// The HTTP/1.1 server: event loops in front, workers behind (docs/decisions/0003-own-http-server.md).
package final class Server: Sendable {
    package struct Configuration: Sendable {
        /// A numeric IPv4 or IPv6 address, or `localhost`.
        package var address: String
        /// 0 takes any free port.
        package var port: UInt16
        package var limits: Limits
        /// Event loops; one per core unless said otherwise.
        package var loops: Int
        package var workers: Int
        package var streamingWorkers: Int
        package var clock: any Clock

        package init(
            address: String = "127.0.0.1", port: UInt16 = 0, limits: Limits = Limits(), loops: Int? = nil,
            workers: Int = 64, streamingWorkers: Int = 8, clock: any Clock = SystemClock()
        ) {
            self.address = address
            self.port = port
            self.limits = limits
            self.loops = max(1, loops ?? Int(cnet_cores()))
            self.workers = workers
            self.streamingWorkers = streamingWorkers
            self.clock = clock
        }
    }

    private struct Running: Sendable {
        var threads: [Thread] = []
        var mailboxes: [Mailbox] = []
    }

    private let configuration: Configuration
    private let core: ServerCore
    private let running = Mutex(Running())

    /// - Throws: when the system has no room for the workers' threads.
    package init(_ configuration: Configuration, _ dispatch: Dispatch) throws {
        self.configuration = configuration
        core = try ServerCore(configuration, dispatch)
    }

    package var metrics: ServerMetrics { core.counters.value(workers: configuration.workers) }

    /// Binds and serves. Call once.
    ///
    /// - Returns: the port, also where any was asked for.
    package func start() throws -> UInt16 {
        cnet_raise_file_limit()
        let (listeners, port) = try Listeners.open(configuration)
        for listener in listeners { try startLoop(listener) }
        return port
    }

    private func startLoop(_ listener: Int32) throws {
        let epoll = cnet_epoll()
        guard epoll >= 0 else { throw ServerError("epoll", status: epoll) }
        let mailbox = try Mailbox()
        for (descriptor, token) in [(listener, ConnectionToken.listener), (mailbox.descriptor, .mailbox)] {
            let status = cnet_watch(epoll, descriptor, token.raw)
            guard status == 0 else { throw ServerError("epoll", status: status) }
        }
        let (core, share) = (core, configuration.loops)
        let thread = try Thread.start("http loop") {
            EventLoop(core, listener: listener, epoll: epoll, mailbox: mailbox, share: share).run()
        }
        running.withLock { running in
            running.threads.append(thread)
            running.mailboxes.append(mailbox)
        }
    }

    /// Takes no more connections, answers 503 to new requests, lets those in flight end (`Limits.stopTime`), and returns
    /// when all is over. A second call waits for nothing.
    package func stop() {
        core.isStopping.store(true, ordering: .relaxed)
        let loops = running.withLock { running in
            defer { running = Running() }
            return running
        }
        for mailbox in loops.mailboxes { mailbox.post(.stop) }
        for thread in loops.threads { thread.join() }
        core.workers.stop()
        core.streamingWorkers.stop()
    }
}

/// The listening sockets, one for each loop, on one port.
private enum Listeners {
    static func open(_ configuration: Server.Configuration) throws(ServerError) -> ([Int32], port: UInt16) {
        let address = configuration.address == "localhost" ? "127.0.0.1" : configuration.address
        if configuration.port != 0 {
            // Sockets that share a port would silently join those of another server of the same user; one that does
            // not share finds it taken.
            cnet_close(try listen(address, configuration.port, shared: false))
        }
        var listeners = [try listen(address, configuration.port, shared: true)]
        let port = cnet_bound_port(listeners[0])
        guard port > 0 else { throw ServerError("cannot read the port", status: port) }
        while listeners.count < configuration.loops {
            listeners.append(try listen(address, UInt16(port), shared: true))
        }
        return (listeners, UInt16(port))
    }

    private static func listen(_ address: String, _ port: UInt16, shared: Bool) throws(ServerError) -> Int32 {
        let descriptor = cnet_listen(address, port, shared)
        guard descriptor >= 0 else { throw ServerError("cannot listen on \(address) port \(port)", status: descriptor) }
        return descriptor
    }
}
