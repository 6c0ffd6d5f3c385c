import Core
import HTTP
import TestSupport
import Testing

/// Through real sockets: what the client makes of each thing a server can do.
@Suite struct `The HTTP client` {
    @Test func `sends a request as it is and gives back the answer`() throws {
        let server = try MisbehavingServer(script: [
            .answer(
                201, headers: ["Content-Type": "application/json", "X-Twice": "a", "x-twice": "b"],
                body: Array("{}".utf8))
        ])
        let client = try CurlClient(version: "1.2.3")
        defer { client.close() }
        let response = try client.send(
            server.request(
                .post, "/v1/messages?a=b", headers: ["Content-Type": "application/json", "X-Empty": ""],
                body: "{\"a\":1}"))
        #expect(response.status == 201)
        #expect(response.body == Array("{}".utf8))
        #expect(response.headers["content-type"] == "application/json")
        #expect(response.headers.all("X-Twice") == ["a", "b"])

        let request = try #require(server.requests.first)
        #expect(request.method == .post)
        #expect(request.target == "/v1/messages?a=b")
        #expect(request.text == "{\"a\":1}")
        #expect(request.headers["Host"] == server.url.dropFirst("http://".count).description)
        #expect(request.headers["User-Agent"] == "Cartwright/1.2.3")
        #expect(request.headers["Content-Length"] == "7")
        #expect(request.headers["X-Empty"] == "")
        #expect(request.headers["Expect"] == nil)
        #expect(request.headers["Cookie"] == nil)
    }

    @Test(arguments: [Method.get, .head, .delete, .put, .patch, .post, .options])
    func `knows every method, with and without a body`(method: Method) throws {
        let server = try MisbehavingServer()
        let client = try CurlClient(version: "1")
        defer { client.close() }
        #expect(try client.send(server.request(method, "/")).status == 200)
        #expect(server.requests.map(\.method) == [method])
        guard method != .head else { return }
        #expect(try client.send(server.request(method, "/", body: "text")).status == 200)
        #expect(server.requests.last?.method == method)
        #expect(server.requests.last?.text == "text")
    }

    @Test(arguments: [
        (Behaviour.json(429, "{\"error\":{\"code\":130429}}"), 429), (.json(500, "{\"error\":{\"code\":131000}}"), 500),
        (.answer(502, body: Array("<html>bad gateway</html>".utf8)), 502), (.json(400, "{}"), 400), (.answer(204), 204),
        (.answer(302, headers: ["Location": "http://127.0.0.1:1/elsewhere"]), 302),
        (.dribble(200, body: [1, 2, 3]), 200),
        (.raw("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), 200),
    ])
    func `takes every complete answer as an answer`(behaviour: Behaviour, status: Int) throws {
        let server = try MisbehavingServer(script: [behaviour])
        let client = try CurlClient(version: "1")
        defer { client.close() }
        let response = try client.send(server.request(.post, "/", body: "{}"))
        #expect(response.status == status)
        #expect(response.headers["Link"] == nil)
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [
        Behaviour.close, .reset, .silence, .rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        .rawThenClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"), .rawThenClose("HTTP/1.1 2"),
        .rawThenClose("\u{1}\u{2}\u{3} nonsense\r\n\r\n"),
    ])
    func `says unknown when the request left and no whole answer came`(behaviour: Behaviour) throws {
        let server = try MisbehavingServer(script: [behaviour])
        let client = try CurlClient(version: "1")
        defer { client.close() }
        let error = try client.failure(of: server.request(.post, "/", body: "{}", deadline: .milliseconds(400)))
        #expect(error.kind == .unknown)
        #expect(error.lastByteWritten)
        #expect(server.requests.count == 1)
    }

    @Test(arguments: MisbehavingServer.Transport.allCases)
    func `never repeats a send when a kept connection dies without a byte`(
        transport: MisbehavingServer.Transport
    ) throws {
        let server = try MisbehavingServer(transport, script: [.answer(200), .close])
        let client = try CurlClient(version: "1", extraAuthority: server.authority)
        defer { client.close() }
        _ = try client.send(server.request(.post, "/first", body: "{}"))
        let error = try client.failure(of: server.request(.post, "/second", body: "{}"))
        #expect(error.kind == .unknown)
        #expect(error.lastByteWritten)
        #expect(server.requests.count == 2)
        #expect(server.requests.map(\.connection) == [1, 1])
    }

    @Test func `lets a repeatable call be repeated when a kept connection dies without a byte`() throws {
        let server = try MisbehavingServer(script: [.answer(200), .close, .answer(200)])
        let client = try CurlClient(version: "1")
        defer { client.close() }
        for _ in 1...2 {
            #expect(try client.send(server.request(.put, "/", body: "{}", repeatable: true)).status == 200)
        }
        #expect(server.requests.map(\.text) == ["{}", "{}", "{}"])
    }

    @Test func `sends a body-less request on a connection of its own unless it is repeatable`() throws {
        let server = try MisbehavingServer(script: [.answer(200), .close])
        let client = try CurlClient(version: "1")
        defer { client.close() }
        _ = try client.send(server.request(.post, "/", repeatable: true))
        let error = try client.failure(of: server.request(.post, "/"))
        #expect(error.kind == .unknown)
        #expect(server.requests.map(\.connection) == [1, 2])
    }

    @Test func `knows that a request cut off in its body was not sent`() throws {
        let server = try MisbehavingServer(script: [.resetBeforeBody])
        let client = try CurlClient(version: "1")
        defer { client.close() }
        let body = String(repeating: "x", count: 64 << 20)
        let error = try client.failure(of: server.request(.post, "/", body: body))
        #expect(error.kind == .notSent)
        #expect(!error.lastByteWritten)
        #expect(server.requests.isEmpty)
    }

    @Test func `knows that nothing was sent where nobody listens`() throws {
        let server = try MisbehavingServer()
        let request = server.request(.post, "/", body: "{}")
        server.stop()
        let client = try CurlClient(version: "1")
        defer { client.close() }
        let error = try client.failure(of: request)
        #expect(error.kind == .notSent)
        #expect(!error.lastByteWritten)
    }

    @Test func `stops at an answer that outgrows its limit`() throws {
        let server = try MisbehavingServer(script: [.answer(200, body: [UInt8](repeating: 65, count: 1_000_001))])
        let client = try CurlClient(version: "1")
        defer { client.close() }
        var request = server.request(.get, "/")
        request.maxResponseBytes = 1_000_000
        #expect(try client.failure(of: request).kind == .tooLarge)
        server.add(.answer(200, headers: ["X-Filler": String(repeating: "a", count: 70_000)]))
        #expect(try client.failure(of: request).kind == .tooLarge)
        server.add(.answer(200, body: [UInt8](repeating: 65, count: 1_000_000)))
        #expect(try client.send(request).body.count == 1_000_000)
    }

    @Test func `keeps its connections and shares them between calls`() throws {
        let server = try MisbehavingServer()
        let client = try CurlClient(version: "1")
        defer { client.close() }
        for _ in 1...5 { _ = try client.send(server.request(.post, "/", body: "{}")) }
        #expect(server.connections == 1)
        #expect(server.requests.count == 5)
    }
}
