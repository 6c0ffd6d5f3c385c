import Core
import Glibc
import HTTP
import TestSupport
import Testing

@Suite struct `The fixtures` {
    @Test func `a folder is there, and gone with its owner`() throws {
        var path = ""
        do {
            let folder = try TemporaryFolder()
            path = folder.path
            try folder.write("a.txt", "text")
            #expect(Self.exists(folder.file("a.txt")))
        }
        #expect(!Self.exists(path))
    }

    @Test func `a clock stands still until it is moved`() {
        let clock = FixedClock()
        let (now, boot) = (clock.now(), clock.sinceBoot())
        #expect(clock.now() == now)
        clock.advance(by: .minutes(5))
        #expect(clock.now() - now == .minutes(5))
        #expect(clock.sinceBoot() - boot == .minutes(5))
        clock.set(now)
        #expect(clock.now() == now)
        #expect(clock.sinceBoot() - boot == .minutes(5))
    }

    @Test func `a recording client answers what is expected and fails the test for the rest`() throws {
        let client = RecordingHTTPClient()
        client.expect(.get, "https://shop.example/a", answer: OutboundResponse(status: 204))
        let hosts = AllowedHosts(declared: ["shop.example"])
        let expected = OutboundRequest(.get, "https://shop.example/a", hosts: hosts, repeatable: true)
        #expect(try client.send(expected).status == 204)
        client.verify()
        withKnownIssue {
            #expect(throws: HTTPClientError.self) { _ = try client.send(expected) }
        }
        client.expect(.post, "https://shop.example/b", failure: HTTPClientError(.unknown, "lost"))
        withKnownIssue { client.verify() }
        #expect(client.requests.count == 2)
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
