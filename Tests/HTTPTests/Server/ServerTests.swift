import Core
import HTTP
import Synchronization
import TestSupport
import Testing

/// Whole exchanges with the real server.
struct ServerTests {
    @Test func `a connection serves one request after another`() throws {
        let server = try TestServer()
        let client = try server.connect()
        for name in ["a", "b", "c"] {
            try client.send("GET /hello/\(name)?x=1 HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try client.answer()
            #expect(answer.text == "hello \(name) x=1")
            #expect(answer.header("Connection") == nil)
        }
    }

    @Test func `pipelined requests are answered in order, each with its own body`() throws {
        let server = try TestServer()
        let client = try server.connect()
        var requests = ""
        for i in 0..<50 {
            requests += "GET /hello/\(i) HTTP/1.1\r\nHost: a\r\n\r\n"
            requests +=
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(i)\r\n\r\n" + String(repeating: "x", count: i)
            requests +=
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nA: b\r\n\r\n"
        }
        try client.send(requests)
        for i in 0..<50 {
            #expect(try client.answer().text == "hello \(i) ")
            #expect(try client.answer().body == [UInt8](repeating: UInt8(ascii: "x"), count: i))
            #expect(try client.answer().text == "hi")
        }
    }

    @Test func `a request may come byte by byte`() throws {
        let server = try TestServer()
        let client = try server.connect()
        let request = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\n\r\n"
        for byte in request.utf8 { try client.send([byte]) }
        #expect(try client.answer().text == "hello")
    }

    @Test func `a body of a hundred thousand bytes comes back whole`() throws {
        let body = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let client = try TestServer().connect()
        try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
        try client.send(body)
        #expect(try client.answer().body == body)
    }

    @Test func `HEAD is answered by GET's handler without the body`() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let head = try client.answer(toHead: true)
        #expect(head.header("Content-Length") == "4")
        #expect(try client.answer().text == "home")
    }

    @Test func `HEAD is refused without a body too`() throws {
        let client = try TestServer().connect()
        try client.send("HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n")
        #expect(try client.answer(toHead: true).status == 413)
        #expect(try client.isClosedWithoutAnotherByte())
    }

    @Test func `a path that is not there is 404, a method that is not there 405 with those that are`() throws {
        let server = try TestServer()
        #expect(try server.exchange("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").status == 404)
        let answer = try server.exchange("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.status == 405)
        #expect(answer.header("Allow") == "GET, HEAD")
    }

    @Test func `a body that nobody wants closes the connection after the answer`() throws {
        let client = try TestServer().connect()
        try client.send(
            "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 29\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.status == 404)
        #expect(answer.header("Connection") == "close")
        #expect(try client.isClosedWithoutAnotherByte())
    }

    @Test func `what a handler throws is answered by the failure closure`() throws {
        let answer = try TestServer().exchange("GET /fails HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.status == 500)
        #expect(answer.text.contains("planned"))
    }

    @Test func `a client that waits for 100 is told to go on`() throws {
        let client = try TestServer().connect()
        try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.answer().status == 100)
        try client.send("hello")
        let answer = try client.answer()
        #expect(answer.status == 200)
        #expect(answer.text == "hello")
    }

    @Test func `a client that waits for 100 hears 413 instead when its body is too long`() throws {
        let client = try TestServer().connect()
        try client.send("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.answer().status == 413)
        #expect(try client.isClosedWithoutAnotherByte())
    }

    @Test(arguments: [(10, 200), (11, 413)]) func `the route's limit holds for both framings`(
        length: Int, status: Int
    ) throws {
        let server = try TestServer()
        let body = String(repeating: "x", count: length)
        let told = try server.exchange("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n\(body)")
        #expect(told.status == status)
        let size = String(length, radix: 16)
        let chunked = try server.exchange(
            "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(size)\r\n\(body)\r\n0\r\n\r\n")
        #expect(chunked.status == status)
        let pieces = body.map { "1\r\n\($0)\r\n" }.joined()
        let summed = try server.exchange(
            "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(pieces)0\r\n\r\n")
        #expect(summed.status == status)
    }

    @Test func `after an answer with close no further byte is read as a request`() throws {
        let client = try TestServer().connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try client.answer().header("Connection") == "close")
        #expect(try client.isClosedWithoutAnotherByte())
    }

    @Test func `HTTP/1.0 closes unless it asks to stay`() throws {
        let server = try TestServer()
        let once = try server.connect()
        try once.send("GET / HTTP/1.0\r\n\r\n")
        #expect(try once.answer().header("Connection") == "close")
        #expect(try once.isClosedWithoutAnotherByte())

        let staying = try server.connect()
        for _ in 0..<2 {
            try staying.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
            #expect(try staying.answer().header("Connection") == "keep-alive")
        }
    }

    @Test func `a client that has shut its side still gets its answer`() throws {
        let client = try TestServer().connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        client.finishSending()
        #expect(try client.answer().text == "home")
        #expect(try client.isClosedWithoutAnotherByte())
    }

    @Test func `a field with a line break in it stays one field`() throws {
        let server = try TestServer([
            Route(.get, "/", .public) { _, _ in
                Response(status: 200, headers: ["X-Name": "a\r\nSet-Cookie: b=c"], body: .bytes([]))
            }
        ])
        let answer = try server.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.header("X-Name") == "a  Set-Cookie: b=c")
        #expect(answer.header("Set-Cookie") == nil)
    }

    @Test func `what is in memory is answered without a worker`() throws {
        let asset = StaticAsset(path: "/a.css", contentType: "text/css", etag: "\"1\"", plain: Array("a{}".utf8))
        let blocked = Monitor(false)
        let routes = [Route(.get, "/wait", .public) { _, _ in blocked.wait { $0 ? .text("done") : nil } }]
        let server = try TestServer(
            routes, workers: 1,
            plan: { head in
                head.target.path == asset.path ? .answer(asset.response(to: head.method, headers: head.headers)) : nil
            })
        let waiting = try server.connect()
        try waiting.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try server.exchange("GET /a.css HTTP/1.1\r\nHost: a\r\n\r\n").text == "a{}")
        let known = try server.exchange("GET /a.css HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"1\"\r\n\r\n")
        #expect(known.status == 304)
        blocked.withLock { $0 = true }
        blocked.wakeAll()
        #expect(try waiting.answer().text == "done")
    }

    @Test func `when workers and queue are full the next request is 503 with Retry-After`() throws {
        let gate = Monitor((waiting: 0, isOpen: false))
        let routes = [
            Route(.get, "/wait", .public) { _, _ in
                gate.withLock { $0.waiting += 1 }
                gate.wakeAll()
                return gate.wait { $0.isOpen ? .text("done") : nil }
            }
        ]
        let server = try TestServer(routes, workers: 1) { $0.queued = 1 }
        let first = try server.connect()
        try first.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        gate.wait { $0.waiting == 1 ? () : nil }
        let others = try (0..<2).map { _ in try server.connect() }
        for other in others { try other.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n") }
        // One of the two finds the queue's only place taken; which, the kernel decides.
        server.wait { $0.refused == 1 }
        gate.withLock { $0.isOpen = true }
        gate.wakeAll()
        #expect(try first.answer().status == 200)
        let answers = try others.map { try $0.answer() }
        #expect(answers.map(\.status).sorted() == [200, 503])
        #expect(answers.first { $0.status == 503 }?.header("Retry-After") == "5")
    }

    @Test func `bodies held in memory have a limit of their own`() throws {
        let server = try TestServer(loops: 1) { $0.heldBodies = 1000 }
        let client = try server.connect()
        try client.send(
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n" + String(repeating: "x", count: 2000))
        #expect(try client.answer().status == 503)
        #expect(try server.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status == 200)
    }

    @Test func `one connection too many is closed at once`() throws {
        let server = try TestServer(loops: 1) { $0.connections = 2 }
        let clients = try (0..<2).map { _ in try server.connect() }
        for client in clients {
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.answer().status == 200)
        }
        #expect(try server.connect().isClosedWithoutAnotherByte())
        #expect(server.server.metrics.refused == 1)
    }

    @Test func `the counters tell what was answered`() throws {
        let server = try TestServer()
        let client = try server.connect()
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try client.answer()
        _ = try client.answer()
        let metrics = server.server.metrics
        #expect(metrics.responses == [0, 0, 1, 0, 1, 0])
        #expect(metrics.openConnections == 1)
        #expect(metrics.inFlight == 0)
    }

    @Test func `a port that is taken is said in words`() throws {
        let server = try TestServer()
        let other = try Server(
            .init(port: server.port), Dispatch(plan: { _ in .answer(.empty()) }, failure: { _, _, _ in .empty(500) }))
        let error = #expect(throws: ServerError.self) { try other.start() }
        #expect(error?.description.contains("Address already in use") == true)
    }
}
