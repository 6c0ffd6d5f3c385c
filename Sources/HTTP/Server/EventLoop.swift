import CNet
import Core
import Glibc
import Synchronization

/// One thread's share of the server: it accepts, reads, answers what is already in memory and hands the rest to workers.
///
/// Made and used on its own thread only; others reach it through its `Mailbox`.
final class EventLoop {
    let core: ServerCore
    let mailbox: Mailbox
    var limits: Limits { core.limits }
    /// Milliseconds since boot, read once per turn.
    private(set) var now: Int64 = 0
    /// Bytes of bodies held by this loop's connections.
    var heldBodies = 0
    /// This loop's share of `Limits.heldBodies`.
    let heldBodiesLimit: Int
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

    let epoll: Int32
    var listener: Int32?
    /// Set while the process had no descriptor left: when to accept again.
    var acceptsAgainAt: Int64?
    let connectionLimit: Int
    /// By descriptor.
    var connections: [Connection?] = []
    var count = 0
    var generation: UInt32 = 0
    var deadlines = DeadlineQueue()
    /// Connections that used up their turn and still have something to do.
    private var unfinished: [ConnectionToken] = []
    var stopsAt: Int64?
    private let time = SystemClock()

    /// - Parameter share: how many loops divide the server's limits among them.
    init(_ core: ServerCore, listener: Int32, epoll: Int32, mailbox: Mailbox, share: Int) {
        self.core = core
        self.listener = listener
        self.epoll = epoll
        self.mailbox = mailbox
        connectionLimit = max(1, core.limits.connections / share)
        heldBodiesLimit = max(1, core.limits.heldBodies / share)
    }

    deinit {
        scratch.deallocate()
        cnet_close(epoll)
    }

    /// Returns when the server was told to stop and nothing is left to do, or its time for that is over.
    func run() {
        var events = [cnet_event](repeating: cnet_event(), count: 256)
        while true {
            now = time.sinceBoot().milliseconds
            let ready = cnet_wait(epoll, &events, 256, timeout())
            now = time.sinceBoot().milliseconds
            for event in events.prefix(Int(max(0, ready))) { handle(event) }
            let carriedOver = unfinished
            unfinished = []
            for token in carriedOver { connection(token).map(drive) }
            expireDeadlines()
            resumeAccepting()
            if let stopsAt, count == 0 || now >= stopsAt { break }
        }
        for connection in connections { connection.map(close) }
        mailbox.close()
    }

    private func timeout() -> Int32 {
        guard unfinished.isEmpty else { return 0 }
        let next = min(deadlines.earliest ?? .max, stopsAt ?? .max, acceptsAgainAt ?? .max)
        guard next != .max else { return -1 }
        return Int32(clamping: max(0, next - now))
    }

    private func handle(_ event: cnet_event) {
        switch ConnectionToken(raw: event.token) {
        case .listener: accept()
        case .mailbox: for message in mailbox.takeAll() { handle(message) }
        case let token:
            guard let connection = connection(token) else { return }
            let flags = Int(event.flags)
            if flags & Int(CNET_READABLE) != 0 { connection.isReadable = true }
            if flags & Int(CNET_WRITABLE) != 0 { connection.isWritable = true }
            if flags & Int(CNET_HUNG_UP) != 0 {
                connection.isHungUp = true
                connection.isReadable = true
            }
            drive(connection)
        }
    }

    private func handle(_ message: Mailbox.Message) {
        switch message {
        case .answer(let token, let response):
            guard let connection = connection(token) else {
                response.stream?.0.close()
                return
            }
            answer(connection, response)
            drive(connection)
        case .streamReady(let token): connection(token).map(drive)
        case .resumeUpload(let token):
            guard let connection = connection(token) else { return }
            connection.upload?.isPaused = false
            drive(connection)
        case .stop: stop()
        }
    }

    /// Does all that can be done for a connection now, but not more than a turn's worth: others wait.
    func drive(_ connection: Connection) {
        var turns = 0
        while !connection.isClosed, flush(connection) || advance(connection) || fill(connection) {
            turns += 1
            guard turns < 64 else {
                unfinished.append(connection.token)
                break
            }
        }
        if !connection.isClosed { setTimer(connection) }
    }
}
