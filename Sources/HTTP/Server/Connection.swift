import Core

/// One client's connection, as its event loop sees it. Only that loop's thread touches it.
///
/// ```
/// idle ─first byte─▶ head ─whole─▶ collecting ─whole─▶ working ─answer─▶ answering ─all out─▶ idle
///                     │                │  (no body: at once; streaming route: working from the head on)
///                     └──── refused ───┴──────────────────────────────▶ answering ─all out─▶ lingering ─▶ closed
/// ```
/// `EventLoop.advance` moves from idle to working, `answer` to answering, `finishAnswer` onwards, `close` ends it.
final class Connection {
    enum Phase {
        /// Between requests: not one byte of the next has come.
        case idle
        case head
        case collecting(Collecting)
        /// A worker has the request; on a streaming route `upload` may still be coming in.
        case working
        case answering
        /// Our side is shut; what comes is thrown away.
        case lingering
    }

    /// A request whose head is read and whose body is coming in. A class: the body grows in place.
    final class Collecting {
        let head: RequestHead
        let route: Route
        let parameters: [String: String]
        let receivedAt: Timestamp
        var reader: BodyReader
        var body: [UInt8] = []

        init(
            head: RequestHead, route: Route, parameters: [String: String], receivedAt: Timestamp, reader: BodyReader
        ) {
            self.head = head
            self.route = route
            self.parameters = parameters
            self.receivedAt = receivedAt
            self.reader = reader
        }
    }

    /// The body of a streaming route on its way to the handler.
    struct Upload {
        let stream: RequestStream
        var reader: BodyReader
        /// The handler is behind: nothing is read until it asks.
        var isPaused = false
    }

    /// What the next deadline means.
    enum Timer: Equatable {
        case none
        case idle
        case head
        /// A body coming in or an answer going out has to move enough bytes in each window.
        case rate
        case linger
    }

    let descriptor: Int32
    let token: ConnectionToken
    let peer: IPAddress

    private(set) var phase = Phase.idle
    var isClosed = false

    /// What was read and not used yet, from `inputStart` on.
    private var input: [UInt8] = []
    private var inputStart = 0
    var scanner: HeadScanner

    var upload: Upload?
    var output = OutputQueue()
    var stream: (ResponseStream, EncodedResponse.StreamFraming)?
    /// After the answer under way no further byte is read as a request.
    var closesAfterAnswer = false
    /// Bytes of bodies that count against `Limits.heldBodies`.
    var heldBytes = 0

    /// Edge-triggered: kept until a call says otherwise.
    var isReadable = false
    var isWritable = true
    /// The peer has shut its side, or all of it; learnt from epoll, before the bytes in front of it are read.
    var isHungUp = false
    /// The peer's end was read.
    var isAtEnd = false

    var timer = Timer.none
    /// Milliseconds since boot.
    var deadline: Int64 = .max
    /// The entry in the loop's queue that stands for this connection.
    var scheduledAt: Int64 = .max
    /// Bytes moved in the present rate window.
    var moved = 0

    init(descriptor: Int32, token: ConnectionToken, peer: IPAddress, limits: Limits) {
        self.descriptor = descriptor
        self.token = token
        self.peer = peer
        scanner = HeadScanner(limits)
    }

    var unread: ArraySlice<UInt8> { input[inputStart...] }

    /// A phase begins, and with it the time it may take.
    func move(to phase: Phase) {
        self.phase = phase
        timer = .none
        deadline = .max
    }

    func add(_ bytes: some Collection<UInt8>) {
        input.removeSubrange(..<inputStart)
        inputStart = 0
        input.append(contentsOf: bytes)
    }

    /// Forgets used bytes; an idle connection keeps no buffer.
    func use(_ count: Int) {
        inputStart += count
        guard inputStart == input.count else { return }
        input = []
        inputStart = 0
    }

    func dropInput() {
        input = []
        inputStart = 0
    }

    /// Whether bytes that come now have somewhere to go.
    var wantsInput: Bool {
        guard !isAtEnd else { return false }
        switch phase {
        case .idle, .head, .collecting, .lingering: return true
        case .working: return upload.map { !$0.isPaused } ?? false
        case .answering: return false
        }
    }
}
