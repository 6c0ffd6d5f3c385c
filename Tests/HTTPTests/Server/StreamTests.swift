import Core
import HTTP
import Synchronization
import TestSupport
import Testing

/// Bodies that come or go piece by piece.
struct StreamTests {
    private static func produced(
        _ length: Int? = nil, by produce: @escaping @Sendable (ResponseStream) throws -> Void
    ) -> Response {
        Response(status: 200, body: .produced(length: length, by: produce))
    }

    private static let megabyte = [UInt8](repeating: UInt8(ascii: "m"), count: 1 << 20)

    @Test(arguments: [Route.Kind.normal, .streaming])
    func `a produced body goes out in chunks, and the connection stays`(
        kind: Route.Kind
    ) throws {
        let server = try TestServer([
            Route(.get, "/", .public, kind: kind) { _, _ in
                Self.produced { stream in for _ in 0..<4 { try stream.write(Self.megabyte) } }
            }
        ])
        let client = try server.connect(receiveBuffer: 8192)
        for _ in 0..<2 {
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.answer().body.count == 4 << 20)
        }
    }

    @Test func `a produced body of known length is sent as it is`() throws {
        let server = try TestServer([
            Route(.get, "/", .public) { _, _ in
                Self.produced(6) { stream in
                    try stream.write(Array("abc".utf8))
                    try stream.write(Array("def".utf8))
                }
            }
        ])
        let client = try server.connect()
        try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer(toHead: true).header("Content-Length") == "6")
        #expect(try client.answer().text == "abcdef")
    }

    @Test(arguments: [5, 7]) func `a body that is not as long as promised cuts the connection`(length: Int) throws {
        let server = try TestServer([
            Route(.get, "/", .public) { _, _ in Self.produced(length) { try $0.write(Array("abcdef".utf8)) } }
        ])
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(throws: RawClient.Failure.self) { try client.answer() }
    }

    @Test func `a producer that throws cuts the connection and is reported`() throws {
        let server = try TestServer([
            Route(.get, "/", .public) { _, _ in
                Self.produced { stream in
                    try stream.write(Array("abc".utf8))
                    throw RawClient.Failure(what: "planned")
                }
            }
        ])
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(throws: RawClient.Failure.self) { try client.answer() }
    }

    @Test func `HTTP/1.0 gets a stream up to the connection's end`() throws {
        let server = try TestServer([
            Route(.get, "/", .public) { _, _ in Self.produced { try $0.write(Array("abc".utf8)) } }
        ])
        let client = try server.connect()
        try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let head = try client.head()
        #expect(head.header("Connection") == "close")
        #expect(head.header("Transfer-Encoding") == nil)
        #expect(try client.rest() == Array("abc".utf8))
    }

    @Test func `events are fed from outside and hold no worker`() throws {
        let shared = Feeds()
        let server = try TestServer(
            [
                Route(.get, "/events", .public) { _, _ in
                    let stream = ResponseStream()
                    shared.add(stream)
                    return Response(status: 200, headers: ["Content-Type": "text/event-stream"], body: .stream(stream))
                }
            ], workers: 1, streamingWorkers: 1)
        let readers = try (0..<20).map { _ in try server.connect() }
        for reader in readers {
            try reader.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try reader.head().status == 200)
        }
        for event in ["one", "two"] {
            #expect(shared.all.allSatisfy { $0.offer(Array(event.utf8)) })
            for reader in readers { #expect(try reader.chunk() == Array(event.utf8)) }
        }
        shared.all.forEach { $0.finish() }
        for reader in readers { #expect(try reader.chunk() == nil) }
    }

    @Test func `a feed learns that its reader has gone`() throws {
        let shared = Feeds()
        let server = try TestServer([
            Route(.get, "/events", .public) { _, _ in
                let stream = ResponseStream()
                shared.add(stream)
                return Response(status: 200, body: .stream(stream))
            }
        ])
        let reader = try server.connect()
        try reader.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try reader.head()
        #expect(shared.all[0].isOpen)
        reader.finishSending()
        server.wait { $0.openConnections == 0 }
        #expect(!shared.all[0].offer([1]))
    }

    @Test func `a feed gives up a reader that stays behind`() throws {
        let stream = ResponseStream(capacity: 1000)
        #expect(stream.offer([UInt8](repeating: 0, count: 900)))
        #expect(!stream.offer([UInt8](repeating: 0, count: 200)))
        #expect(!stream.isOpen)
    }

    @Test func `the one stream too many is 503 with Retry-After, whichever way it comes`() throws {
        let gate = Monitor(false)
        let started = Monitor(0)
        let wait: @Sendable () -> Void = {
            started.withLock { $0 += 1 }
            started.wakeAll()
            gate.wait { $0 ? () : nil }
        }
        let server = try TestServer(
            [
                Route(.get, "/streaming", .public, kind: .streaming) { _, _ in
                    wait()
                    return .text("done")
                },
                Route(.get, "/produced", .public) { _, _ in Self.produced { _ in wait() } },
                Route(.post, "/upload", .public, kind: .streaming) { _, _ in .text("never") },
            ], streamingWorkers: 2)
        let first = try server.connect()
        try first.send("GET /streaming HTTP/1.1\r\nHost: a\r\n\r\n")
        let second = try server.connect()
        try second.send("GET /produced HTTP/1.1\r\nHost: a\r\n\r\n")
        started.wait { $0 == 2 ? () : nil }
        let upload = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
        for request in [
            "GET /streaming HTTP/1.1\r\nHost: a\r\n\r\n", "GET /produced HTTP/1.1\r\nHost: a\r\n\r\n", upload,
        ] {
            let refused = try server.exchange(request)
            #expect(refused.status == 503)
            #expect(refused.header("Retry-After") == "5")
        }
        gate.withLock { $0 = true }
        gate.wakeAll()
        #expect(try first.answer().text == "done")
        #expect(try second.answer().body.isEmpty)
    }

    /// Counts the bytes of an upload as they come.
    private static let counting = Route(.post, "/count", .public, bodyLimit: 10 << 20, kind: .streaming) { request, _ in
        var count = 0
        while let piece = try request.upload?.read() { count += piece.count }
        return .text("\(count)")
    }

    @Test(arguments: [false, true]) func `an upload is read while it comes`(isChunked: Bool) throws {
        let server = try TestServer([Self.counting])
        let client = try server.connect()
        for _ in 0..<2 {
            if isChunked {
                try client.send("POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                for _ in 0..<4 {
                    try client.send("100000\r\n")
                    try client.send(Self.megabyte)
                    try client.send("\r\n")
                }
                try client.send("0\r\n\r\n")
            } else {
                try client.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: \(4 << 20)\r\n\r\n")
                for _ in 0..<4 { try client.send(Self.megabyte) }
            }
            #expect(try client.answer().text == "\(4 << 20)")
        }
    }

    @Test func `an upload without a body ends at once`() throws {
        let answer = try TestServer([Self.counting]).exchange("POST /count HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.text == "0")
    }

    @Test func `an upload that waits for 100 is told to go on`() throws {
        let client = try TestServer([Self.counting]).connect()
        try client.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.answer().status == 100)
        try client.send("hello")
        #expect(try client.answer().text == "5")
    }

    @Test func `an upload that breaks off is an error for its handler`() throws {
        let client = try TestServer([Self.counting]).connect()
        try client.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel")
        client.finishSending()
        let answer = try client.answer()
        #expect(answer.status == 500)
        #expect(answer.text.contains("Broken"))
    }

    @Test func `an upload with bad framing is an error for its handler, and the last on its connection`() throws {
        let client = try TestServer([Self.counting]).connect()
        try client.send("POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")
        let answer = try client.answer()
        #expect(answer.status == 500)
        #expect(try client.isClosedWithoutAnotherByte())
    }

    @Test func `an upload that its handler leaves unread closes the connection after the answer`() throws {
        let client = try TestServer([
            Route(.post, "/no", .public, kind: .streaming) { _, _ in .text("no, thanks", status: 422) }
        ]).connect()
        try client.send("POST /no HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n")
        #expect(try client.answer().status == 422)
        client.sendIgnoringErrors("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.isClosedWithoutAnotherByte())
    }

    /// The streams that handlers gave away.
    private final class Feeds: Sendable {
        private let streams = Mutex<[ResponseStream]>([])
        var all: [ResponseStream] { streams.withLock { $0 } }
        func add(_ stream: ResponseStream) { streams.withLock { $0.append(stream) } }
    }
}
