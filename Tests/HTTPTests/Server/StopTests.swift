import Core
import HTTP
import TestSupport
import Testing

/// How the server ends.
struct StopTests {
    /// Handlers that wait until the test lets them go.
    private struct Gate: Sendable {
        private let state = Monitor((entered: 0, isOpen: false))

        func pass() {
            state.withLock { $0.entered += 1 }
            state.wakeAll()
            state.wait { $0.isOpen ? () : nil }
        }
        func waitForOne() { state.wait { $0.entered > 0 ? () : nil } }
        func open() {
            state.withLock { $0.isOpen = true }
            state.wakeAll()
        }
    }

    private func routes(_ gate: Gate) -> [Route] {
        TestServer.routes + [
            Route(.get, "/wait", .public) { _, _ in
                gate.pass()
                return .text("done")
            }
        ]
    }

    @Test func `what is in flight ends, what is new hears 503`() throws {
        let gate = Gate()
        let server = try TestServer(routes(gate)) { $0.stopIdleTime = .seconds(5) }
        let waiting = try server.connect()
        let idle = try server.connect()
        try waiting.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.waitForOne()
        let stopping = try Thread.start("stop") { [server = server.server] in server.stop() }

        var answer: RawClient.Answer
        repeat {
            try idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            answer = try idle.answer()
        } while answer.status == 200 && answer.header("Connection") == nil
        #expect(answer.status == 503 || answer.header("Connection") == "close")
        #expect(try idle.isClosedWithoutAnotherByte())

        gate.open()
        let last = try waiting.answer()
        #expect(last.text == "done")
        #expect(last.header("Connection") == "close")
        stopping.join()
        #expect(throws: RawClient.Failure.self) { try server.connect() }
        #expect(server.server.metrics.openConnections == 0)
    }

    @Test func `a handler that does not end holds the server only for its time`() throws {
        let gate = Gate()
        let server = try TestServer(routes(gate)) { $0.stopTime = .milliseconds(200) }
        let client = try server.connect()
        try client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.waitForOne()
        server.server.stop()
        #expect(try client.isClosedWithoutAnotherByte())
        gate.open()
    }

    @Test func `streams of events end in order`() throws {
        let stream = ResponseStream()
        let server = try TestServer([
            Route(.get, "/events", .public) { _, _ in Response(status: 200, body: .stream(stream)) }
        ])
        let reader = try server.connect()
        try reader.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try reader.head()
        #expect(stream.offer(Array("last".utf8)))
        server.server.stop()
        #expect(try reader.chunk() == Array("last".utf8))
        #expect(try reader.chunk() == nil)
        #expect(!stream.offer([1]))
    }
}
