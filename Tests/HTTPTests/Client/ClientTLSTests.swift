import Core
import HTTP
import TestSupport
import Testing

@Suite struct `The HTTP client over TLS` {
    @Test(arguments: [MisbehavingServer.Transport.tls, .http2])
    func `talks to a server that it can verify`(transport: MisbehavingServer.Transport) throws {
        let server = try MisbehavingServer(
            transport,
            script: [
                .answer(200, headers: ["X-Answer": "42"], body: Array("hello".utf8))
            ])
        let client = try CurlClient(version: "1", extraAuthority: server.authority)
        defer { client.close() }
        let response = try client.send(server.request(.post, "/", body: "{}"))
        #expect(response.status == 200)
        #expect(response.headers["x-answer"] == "42")
        #expect(response.body == Array("hello".utf8))
        #expect(server.requests.map(\.text) == ["{}"])
    }

    @Test func `sends nothing to a server whose authority it does not know`() throws {
        let server = try MisbehavingServer(.tls)
        let client = try CurlClient(version: "1")
        defer { client.close() }
        let error = try client.failure(of: server.request(.post, "/", body: "{}"))
        #expect(error.kind == .notSent)
        #expect(!error.lastByteWritten)
        #expect(server.requests.isEmpty)
    }

    @Test func `sends nothing to a server with another name`() throws {
        let server = try MisbehavingServer(.tls)
        let client = try CurlClient(version: "1", extraAuthority: server.authority)
        defer { client.close() }
        var request = server.request(.post, "/", body: "{}")
        request.url = server.url.replacing("localhost", with: "127.0.0.1") + "/"
        request.hosts = AllowedHosts(namedByAdmin: ["127.0.0.1"])
        #expect(try client.failure(of: request).kind == .notSent)
        #expect(server.requests.isEmpty)
    }

    @Test(arguments: [Behaviour.reset, .close, .silence])
    func `says unknown when an HTTP/2 request left and no answer came`(behaviour: Behaviour) throws {
        let server = try MisbehavingServer(.http2, script: [behaviour])
        let client = try CurlClient(version: "1", extraAuthority: server.authority)
        defer { client.close() }
        let error = try client.failure(of: server.request(.post, "/", body: "{}", deadline: .milliseconds(800)))
        #expect(error.kind == .unknown)
        #expect(error.lastByteWritten)
        #expect(server.requests.count == 1)
    }

    @Test func `runs many HTTP/2 calls over one connection`() throws {
        let server = try MisbehavingServer(.http2)
        let client = try CurlClient(version: "1", extraAuthority: server.authority)
        defer { client.close() }
        let count = 200
        let done = Monitor<[Int]>([])
        for number in 0..<count {
            client.submit(server.request(.post, "/", body: "\(number)")) { result in
                done.withLock { $0.append((try? result.get().status) ?? 0) }
                done.wakeOne()
            }
        }
        let statuses = done.wait { $0.count == count ? $0 : nil }
        #expect(statuses.allSatisfy { $0 == 200 })
        #expect(server.connections == 1)
        #expect(Set(server.requests.map(\.text)) == Set((0..<count).map(String.init)))
    }
}
