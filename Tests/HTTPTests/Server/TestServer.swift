import Core
import Glibc
import HTTP
import TestSupport

/// A real server on a free port, stopped when the test lets go of it.
final class TestServer {
    let server: Server
    let port: UInt16

    /// - Parameter limits: changes to the house's own.
    init(
        _ routes: [Route] = TestServer.routes, workers: Int = 8, streamingWorkers: Int = 8, loops: Int = 2,
        clock: any Clock = SystemClock(),
        limits change: (inout Limits) -> Void = { _ in }, plan: (@Sendable (RequestHead) -> Dispatch.Plan?)? = nil
    ) throws {
        var limits = Limits()
        limits.stopIdleTime = .milliseconds(20)
        limits.lingerTime = .milliseconds(200)
        change(&limits)
        let router = try Router(routes)
        server = try Server(
            .init(limits: limits, loops: loops, workers: workers, streamingWorkers: streamingWorkers, clock: clock),
            Dispatch(
                plan: { head in plan?(head) ?? router.plan(head) },
                failure: { error, _, _ in .text("failed: \(error)", status: 500) }))
        port = try server.start()
    }

    deinit { server.stop() }

    /// Waits until the server's figures are as a test expects them.
    func wait(until holds: (ServerMetrics) -> Bool) {
        while !holds(server.metrics) { sched_yield() }
    }

    /// The server lives at least as long as its clients.
    func connect(receiveBuffer: Int32? = nil) throws -> RawClient {
        try RawClient(port: port, receiveBuffer: receiveBuffer, server: self)
    }

    /// One request on a connection of its own.
    func exchange(_ request: String) throws -> RawClient.Answer {
        let client = try connect()
        try client.send(request)
        return try client.answer(toHead: request.hasPrefix("HEAD"))
    }

    /// Answers with what was read of the request, so that a test sees how it was understood.
    static let routes = [
        Route(.get, "/", .public) { _, _ in .text("home") },
        Route(.get, "/hello/{name}", .public) { request, context in
            .text("hello \(context.parameters["name"] ?? "") \(request.query.raw)")
        },
        Route(.post, "/echo", .public, bodyLimit: 100_000) { request, _ in
            .bytes(request.body, type: "application/octet-stream")
        },
        Route(.post, "/small", .public, bodyLimit: 10) { request, _ in .text("\(request.body.count)") },
        Route(.get, "/host", .public) { request, _ in .text(request.headers["Host"] ?? "none") },
        Route(.get, "/fails", .public) { _, _ in throw RawClient.Failure(what: "planned") },
    ]
}
