import Core
import HTTP
import TestSupport
import Testing

/// What never leaves, and who may go where.
@Suite struct `Outbound calls` {
    private func refusal(_ url: String, _ hosts: AllowedHosts, headers: Headers = [:]) throws -> HTTPClientError.Kind {
        let client = try CurlClient(version: "1")
        defer { client.close() }
        return try client.failure(of: OutboundRequest(.get, url, headers: headers, hosts: hosts, repeatable: true)).kind
    }

    @Test(arguments: ["https://evil.example/", "https://api.example.evil.example/", "http://127.0.0.1:9/"])
    func `go only to hosts that are declared or named by the admin`(url: String) throws {
        #expect(try refusal(url, AllowedHosts(declared: ["api.example"])) == .refused(.undeclaredHost))
    }

    @Test(arguments: [
        "ftp://api.example/", "file:///etc/passwd", "api.example/", "//api.example/", "https://", "not a url",
        "https://user:secret@api.example/", "https://api.example@evil.example/", "https://api.example\r\nX: y/",
    ])
    func `need a plain absolute URL`(url: String) throws {
        #expect(
            try refusal(url, AllowedHosts(declared: ["api.example", "evil.example"])) == .refused(.invalidRequest))
    }

    @Test(
        arguments: [
            ["X": "a\r\nY: b"], ["X": "a\nb"], ["X": "a\u{0}b"], ["X Y": "a"], ["": "a"], ["X:": "a"],
            ["Content-Length": "5"], ["transfer-encoding": "chunked"], ["Host": "other.example"],
        ] as [Headers])
    func `cannot smuggle a header or change the framing`(headers: Headers) throws {
        let kind = try refusal("https://api.example/", AllowedHosts(declared: ["api.example"]), headers: headers)
        #expect(kind == .refused(.invalidRequest))
    }

    /// Each block of the special-purpose registries, by one address of it, also as libcurl reads odd spellings.
    @Test(arguments: [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.1", "0x7f000001", "2130706433",
        "0177.0.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1",
        "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::7f00:1]", "[fc00::1]",
        "[fdff::1]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[2002:7f00:1::]",
        "[2001::1]", "[2001:db8::1]", "[3fff::1]", "[100::1]",
    ])
    func `to a declared host never reach a private address`(literal: String) throws {
        let all = ["0.0.0.0", "127.0.0.1", "10.1.2.3"]
        let hosts = AllowedHosts(declared: Set(all + [literal]))
        #expect(try refusal("http://\(literal):9/", hosts) == .refused(.privateAddress))
    }

    @Test func `to a name that leads to a private address make no connection`() throws {
        let server = try MisbehavingServer(.tls)
        var request = server.request(.post, "/", body: "{}")
        request.hosts = AllowedHosts(declared: ["localhost"])
        let client = try CurlClient(version: "1", extraAuthority: server.authority)
        defer { client.close() }
        let error = try client.failure(of: request)
        #expect(error.kind == .refused(.privateAddress))
        #expect(!error.lastByteWritten)
        #expect(server.connections == 0)
    }

    @Test func `may not ride on a private connection that another caller was allowed to open`() throws {
        let server = try MisbehavingServer()
        let client = try CurlClient(version: "1")
        defer { client.close() }
        var request = server.request(.post, "/", body: "{}")
        #expect(try client.send(request).status == 200)
        request.hosts = AllowedHosts(declared: [server.host])
        #expect(try client.failure(of: request).kind == .refused(.privateAddress))
        #expect(server.requests.count == 1)
    }

    @Test(arguments: ["API.Example", "api.example", "api.example."])
    func `know a host in every spelling`(host: String) {
        let hosts = AllowedHosts(declared: ["Api.example"])
        #expect(hosts.contains(host))
        #expect(!hosts.mayBePrivate(host))
    }
}
