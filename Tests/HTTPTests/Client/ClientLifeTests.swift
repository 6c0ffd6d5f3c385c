import Core
import HTTP
import TestSupport
import Testing

/// Slots, deadlines, departure and the end.
@Suite struct `The HTTP client's slots and deadlines` {
    @Test func `count sends in flight and waiting, and let repeatable calls pass`() throws {
        let server = try MisbehavingServer(handler: { $0.path == "/slow" ? .silence : .answer(200) })
        let client = try CurlClient(version: "1", slots: 2)
        #expect(client.freeSlots == 2)
        let results = Results()
        for _ in 1...3 { client.submit(server.request(.post, "/slow", body: "{}"), completion: results.add) }
        #expect(client.freeSlots == 0)
        server.wait(forRequests: 2)
        #expect(try client.send(server.request(.get, "/list", repeatable: true)).status == 200)
        #expect(server.requests.count == 3)

        server.stop()
        #expect(results.wait(for: 3).count == 3)
        #expect(client.freeSlots == 2)
        client.close()
    }

    @Test func `start what waits as soon as a slot is free`() throws {
        let server = try MisbehavingServer()
        let client = try CurlClient(version: "1", slots: 1)
        defer { client.close() }
        let results = Results()
        for _ in 1...20 { client.submit(server.request(.post, "/", body: "{}"), completion: results.add) }
        #expect(results.wait(for: 20).isEmpty)
        #expect(server.requests.count == 20)
        #expect(server.connections == 1)
    }

    @Test func `drop a call that waited for a slot past its deadline`() throws {
        let server = try MisbehavingServer(script: [.silence])
        let client = try CurlClient(version: "1", slots: 1)
        defer { client.close() }
        let results = Results()
        client.submit(server.request(.post, "/", body: "{}", deadline: .seconds(2)), completion: results.add)
        server.wait(forRequests: 1)
        let error = try client.failure(of: server.request(.post, "/", body: "{}", deadline: .milliseconds(100)))
        #expect(error.kind == .notSent)
        #expect(server.requests.count == 1)
        server.stop()
        #expect(results.wait(for: 1).map(\.kind) == [.unknown])
    }

    @Test func `let nothing leave after its time to depart`() throws {
        let server = try MisbehavingServer()
        let clock = FixedClock(sinceBoot: .seconds(1000))
        let client = try CurlClient(version: "1", clock: clock)
        defer { client.close() }
        var request = server.request(.post, "/", body: "{}")
        request.departBy = .seconds(1000)
        #expect(try client.send(request).status == 200)
        clock.advance(by: .milliseconds(1))
        let error = try client.failure(of: request)
        #expect(error.kind == .departedTooLate)
        #expect(!error.lastByteWritten)
        #expect(server.requests.count == 1)
    }

    @Test func `look at the time to depart again when the connection stands`() throws {
        let clock = FixedClock(sinceBoot: .seconds(1000))
        let server = try MisbehavingServer(.tls, onConnection: { clock.advance(by: .milliseconds(1)) })
        let client = try CurlClient(version: "1", clock: clock, extraAuthority: server.authority)
        defer { client.close() }
        var request = server.request(.post, "/", body: "{}")
        request.departBy = .seconds(1000)
        #expect(try client.failure(of: request).kind == .departedTooLate)
        #expect(server.requests.isEmpty)
        #expect(server.connections == 1)
    }

    @Test func `say unknown when the time to depart passes between a lost connection and a second try`() throws {
        let clock = FixedClock(sinceBoot: .seconds(1000))
        let connections = Monitor(0)
        let server = try MisbehavingServer(
            .tls, script: [.answer(200), .close],
            onConnection: {
                let isSecond = connections.withLock { count in
                    count += 1
                    return count == 2
                }
                if isSecond { clock.advance(by: .milliseconds(1)) }
            })
        let client = try CurlClient(version: "1", clock: clock, extraAuthority: server.authority)
        defer { client.close() }
        var request = server.request(.post, "/", body: "{}")
        request.departBy = .seconds(1000)
        _ = try client.send(request)
        let error = try client.failure(of: request)
        #expect(error.kind == .unknown)
        #expect(error.lastByteWritten)
        #expect(server.requests.count == 2)
    }

    @Test func `end orderly: what is in flight is answered, what waits is refused`() throws {
        let gate = Monitor(false)
        let server = try MisbehavingServer(handler: { _ in
            _ = gate.wait { $0 ? true : nil }
            return .answer(200)
        })
        let client = try CurlClient(version: "1", slots: 1)
        let results = Results()
        client.submit(server.request(.post, "/", body: "1"), completion: results.add)
        server.wait(forRequests: 1)
        client.submit(server.request(.post, "/", body: "2"), completion: results.add)
        let closing = try Thread.start("closing") { client.close() }
        // The waiting one comes back at once, while the other still runs.
        #expect(results.wait(forFailures: 1).map(\.kind) == [.notSent])
        gate.withLock { $0 = true }
        gate.wakeAll()
        closing.join()
        #expect(results.wait(for: 2).count == 1)
        #expect(server.requests.map(\.text) == ["1"])
        #expect(try client.failure(of: server.request(.post, "/", body: "3")).kind == .notSent)
    }

    /// Gathers the results of submitted calls.
    private final class Results: Sendable {
        private let all = Monitor<[Result<OutboundResponse, HTTPClientError>]>([])

        var add: @Sendable (Result<OutboundResponse, HTTPClientError>) -> Void {
            { [all] result in
                all.withLock { $0.append(result) }
                all.wakeAll()
            }
        }

        /// Blocks until so many calls have ended; the failures among them.
        func wait(for count: Int) -> [HTTPClientError] {
            all.wait { $0.count >= count ? Self.failures($0) : nil }
        }

        func wait(forFailures count: Int) -> [HTTPClientError] {
            all.wait { Self.failures($0).count >= count ? Self.failures($0) : nil }
        }

        private static func failures(_ results: [Result<OutboundResponse, HTTPClientError>]) -> [HTTPClientError] {
            results.compactMap { result in
                if case .failure(let error) = result { error } else { nil }
            }
        }
    }
}
