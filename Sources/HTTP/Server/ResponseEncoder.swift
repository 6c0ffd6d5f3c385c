import Core
import Synchronization

/// How one request wants to be answered, beyond what the response says.
struct ReplyForm: Sendable {
    var isHead: Bool
    var isVersion10: Bool
    var keepsAlive: Bool

    init(_ head: RequestHead) {
        isHead = head.method == .head
        isVersion10 = head.isVersion10
        keepsAlive = head.keepsAlive
    }

    /// For a request that could not be read.
    static let refusal = ReplyForm()

    private init() {
        isHead = false
        isVersion10 = false
        keepsAlive = false
    }
}

/// A response as it goes over the connection.
struct EncodedResponse: Sendable {
    /// How the bytes of a stream are framed.
    enum StreamFraming: Sendable {
        case chunks
        case length(Int)
        /// HTTP/1.0: the body ends with the connection.
        case untilClose
    }

    /// Head and body; without copying a large body behind its head.
    var pieces: [[UInt8]]
    var stream: (ResponseStream, StreamFraming)?
    var closes: Bool
    let status: Status
}

/// Writes responses' heads. The server owns Date, Connection and the body's framing; a handler's own are dropped.
final class ResponseEncoder: Sendable {
    private let clock: any Clock
    /// The Date line of the second it was written in.
    private let date = Mutex<(second: Int64, line: [UInt8])>((-1, []))
    /// Up to here a body is sent in one piece with its head.
    private static let smallBody = 16 << 10

    init(clock: any Clock) { self.clock = clock }

    func encode(_ response: Response, for form: ReplyForm) -> EncodedResponse {
        let (framing, stream) = Self.framing(of: response, form)
        var closes = !form.keepsAlive || response.headers.tokens("Connection").contains("close")
        if case .untilClose? = stream?.1 { closes = true }
        var head = head(of: response, framing, form, closes: closes)

        guard !form.isHead, !response.status.forbidsBody else {
            stream?.0.close()
            return EncodedResponse(pieces: [head], stream: nil, closes: closes, status: response.status)
        }
        var pieces: [[UInt8]] = []
        if let body = response.bytes, body.count > Self.smallBody {
            pieces = [head, body]
        } else {
            head.append(contentsOf: response.bytes ?? [])
            pieces = [head]
        }
        return EncodedResponse(pieces: pieces, stream: stream, closes: closes, status: response.status)
    }

    /// The field that tells the client where the body ends, and how a stream is to be sent.
    private static func framing(
        of response: Response, _ form: ReplyForm
    ) -> (field: String?, stream: (ResponseStream, EncodedResponse.StreamFraming)?) {
        let stream: ResponseStream
        switch response.body {
        case .bytes(let body): return (response.status.forbidsBody ? nil : "Content-Length: \(body.count)", nil)
        case .produced(let length?, _):
            return ("Content-Length: \(length)", (ResponseStream(isFed: false), .length(length)))
        case .produced(nil, _): stream = ResponseStream(isFed: false)
        case .stream(let fed): stream = fed
        }
        if form.isVersion10 { return (nil, (stream, .untilClose)) }
        return (response.status.forbidsBody ? nil : "Transfer-Encoding: chunked", (stream, .chunks))
    }

    private func head(of response: Response, _ framing: String?, _ form: ReplyForm, closes: Bool) -> [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(512)
        func add(_ line: String) {
            head.append(contentsOf: line.utf8)
            head.append(contentsOf: [0x0d, 0x0a])
        }
        add("HTTP/1.1 \(response.status.rawValue) \(response.status.reason)")
        for field in response.headers.fields where !Self.isOurs(field.name) { Self.append(field, to: &head) }
        head.append(contentsOf: dateLine())
        if closes {
            add("Connection: close")
        } else if form.isVersion10 {
            add("Connection: keep-alive")
        }
        if let framing { add(framing) }
        add("")
        return head
    }

    private static func isOurs(_ name: String) -> Bool {
        ["Content-Length", "Transfer-Encoding", "Connection", "Date"].contains { Headers.same($0, name) }
    }

    /// A field that came from outside data must not start another line: control bytes become spaces.
    private static func append(_ field: Headers.Field, to head: inout [UInt8]) {
        func put(_ text: String) {
            let start = head.count
            head.append(contentsOf: text.utf8)
            for index in start..<head.count where head[index] < 0x20 || head[index] == 0x7f { head[index] = 0x20 }
        }
        put(field.name)
        head.append(contentsOf: ": ".utf8)
        put(field.value)
        head.append(contentsOf: "\r\n".utf8)
    }

    private func dateLine() -> [UInt8] {
        let now = clock.now()
        let second = now.milliseconds / 1000
        return date.withLock { date in
            if date.second != second { date = (second, Array("Date: \(now.httpDate)\r\n".utf8)) }
            return date.line
        }
    }
}
