import Core
import HTTP
import TestSupport
import Testing

/// Peers that take too long, with the house's times shortened. Each test waits for what the server does, not for a time.
struct DeadlineTests {
    /// Every time that a test does not wait for stays long, so that it cannot be what ends the connection.
    private func server(_ change: (inout Limits) -> Void, routes: [Route] = TestServer.routes) throws -> TestServer {
        try TestServer(routes, limits: change)
    }

    @Test func `a head that is not whole in time is 408, however steadily its bytes come`() throws {
        let server = try server { $0.headTime = .milliseconds(300) }
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ")
        try client.drip("x", every: 20)
        #expect(try client.answer().status == 408)
        #expect(try client.isClosedWithoutAnotherByte())
    }

    @Test func `each head has its own time`() throws {
        let server = try server { $0.headTime = .milliseconds(200) }
        let client = try server.connect()
        // Together the heads take longer than one may, each with a pause inside.
        for _ in 0..<20 {
            try client.send("GET / HTTP/1.1\r\n")
            #expect(try !client.hasSomethingToRead(within: 20))
            try client.send("Host: a\r\n\r\n")
            #expect(try client.answer().status == 200)
        }
    }

    @Test func `an idle connection is closed without a word`() throws {
        let server = try server { $0.idleTime = .milliseconds(200) }
        let fresh = try server.connect()
        let used = try server.connect()
        try used.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try used.answer().status == 200)
        #expect(try fresh.isClosedWithoutAnotherByte())
        #expect(try used.isClosedWithoutAnotherByte())
    }

    @Test(arguments: ["Content-Length: 5000", "Transfer-Encoding: chunked"]) func `a body below the rate is 408`(
        framing: String
    ) throws {
        let server = try server { $0.rateWindow = .milliseconds(300) }
        let client = try server.connect()
        try client.send("POST /echo HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n")
        try client.drip("1", every: 20)
        let status = try client.answer().status
        // Of a chunked body the dripping ones are a chunk's size, which in the end is too long to be one.
        #expect(status == 408 || (framing.hasPrefix("T") && status == 400))
    }

    @Test func `a body above the rate may take many windows`() throws {
        let server = try server {
            $0.rateWindow = .milliseconds(200)
            $0.slowest = 10
        }
        let client = try server.connect()
        try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
        for _ in 0..<50 {
            #expect(try !client.hasSomethingToRead(within: 10))
            try client.send(String(repeating: "x", count: 20))
        }
        #expect(try client.answer().body.count == 1000)
    }

    @Test func `a reader that stops is cut, and the others are served meanwhile`() throws {
        let big = [UInt8](repeating: 7, count: 16 << 20)
        let routes = TestServer.routes + [Route(.get, "/big", .public) { _, _ in .bytes(big, type: "x/y") }]
        let server = try server({ $0.rateWindow = .milliseconds(300) }, routes: routes)
        let client = try server.connect(receiveBuffer: 4096)
        try client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.head().status == 200)
        var served = 0
        server.wait { metrics in
            // The second client's own connection comes and goes; the first is gone when none is left.
            if (try? server.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").status) == 200 {
                served += 1
            }
            return metrics.openConnections == 0
        }
        #expect(served > 0)
        #expect(try client.rest().count < big.count)
    }

    @Test func `a reader that goes on gets a big answer whole`() throws {
        let big = (0..<(4 << 20)).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }
        let routes = [Route(.get, "/big", .public) { _, _ in .bytes(big, type: "x/y") }]
        let client = try server({ $0.rateWindow = .seconds(10) }, routes: routes).connect(receiveBuffer: 4096)
        try client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer().body == big)
    }

    @Test func `a thousand slow clients are cut, and cost the others nothing`() throws {
        let server = try server {
            $0.headTime = .seconds(2)
            $0.idleTime = .seconds(2)
            $0.rateWindow = .seconds(2)
        }
        let beginnings = [
            "GET / HTTP/1.1\r\nHost: a\r\nX: ",
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\nhel",
            "",
        ]
        let slow = try (0..<1000).map { number in
            let client = try server.connect()
            try client.send(beginnings[number % 3])
            return client
        }
        let quick = try server.connect()
        for number in 0..<500 {
            try quick.send("GET /hello/\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try quick.answer().text == "hello \(number) ")
        }
        for (number, client) in slow.enumerated() {
            let last = String(decoding: try client.rest(), as: UTF8.self)
            #expect(last.prefix(12) == (number % 3 == 2 ? "" : "HTTP/1.1 408"))
        }
    }
}
