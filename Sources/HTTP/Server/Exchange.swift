import Core
import Synchronization

/// What all threads of one server share.
final class ServerCore: Sendable {
    let dispatch: Dispatch
    let limits: Limits
    let clock: any Clock
    let encoder: ResponseEncoder
    let workers: WorkerPool
    let streamingWorkers: WorkerPool
    let counters = ServerCounters()
    let isStopping = Atomic(false)
    private let requests = Atomic(UInt64.random(in: 0...UInt64.max))

    init(_ configuration: Server.Configuration, _ dispatch: Dispatch) throws {
        self.dispatch = dispatch
        limits = configuration.limits
        clock = configuration.clock
        encoder = ResponseEncoder(clock: clock)
        workers = try WorkerPool("http worker", threads: configuration.workers, queue: limits.queued)
        streamingWorkers = try WorkerPool("http stream", threads: configuration.streamingWorkers, queue: 0)
    }

    /// Sixteen hexadecimal digits; no two requests of this process share them.
    func nextRequestID() -> String {
        let number = requests.add(1, ordering: .relaxed).newValue
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// 503 for now: no room for the request, or the server stops.
    func unavailable(_ target: String) -> Response {
        var response = dispatch.refusal(RequestRefusal(status: 503, reason: "Service Unavailable"), target)
        response.headers["Retry-After"] = String(limits.retryAfter)
        return response
    }
}

/// One request on its way through a worker back to its connection.
struct Exchange: Sendable {
    let core: ServerCore
    let route: Route
    let request: Request
    let context: Context
    let form: ReplyForm
    let mailbox: Mailbox
    let token: ConnectionToken

    /// Hands itself to the workers that its route asks for. False when they have no room.
    func submit() -> Bool {
        let pool = route.kind == .streaming ? core.streamingWorkers : core.workers
        core.counters.inFlight.add(1, ordering: .relaxed)
        let isTaken = pool.submit { run() }
        if !isTaken { core.counters.inFlight.subtract(1, ordering: .relaxed) }
        return isTaken
    }

    private func run() {
        defer { core.counters.inFlight.subtract(1, ordering: .relaxed) }
        let response: Response
        do {
            response = try core.dispatch.respond(route, request, context)
        } catch {
            response = core.dispatch.failure(error, request, context)
        }
        guard case .produced(_, let produce) = response.body else { return answer(encode(response)) }

        let encoded = encode(response)
        guard let (stream, _) = encoded.stream else { return answer(encoded) }
        if route.kind == .streaming {
            answer(encoded)
            write(stream, by: produce)
        } else if !core.streamingWorkers.submit({ write(stream, by: produce) }) {
            core.counters.refused.add(1, ordering: .relaxed)
            answer(encode(core.unavailable(request.target.raw)))
        } else {
            answer(encoded)
        }
    }

    private func encode(_ response: Response) -> EncodedResponse {
        var form = form
        if core.isStopping.load(ordering: .relaxed) { form.keepsAlive = false }
        return core.encoder.encode(response, for: form)
    }

    private func answer(_ encoded: EncodedResponse) { mailbox.post(.answer(token, encoded)) }

    /// A body that breaks off after its head has gone out can only be shown by cutting the connection.
    private func write(_ stream: ResponseStream, by produce: @Sendable (ResponseStream) throws -> Void) {
        do {
            try produce(stream)
            stream.finish()
        } catch is ResponseStream.Closed {
            stream.close()
        } catch {
            stream.abandon()
            _ = core.dispatch.failure(error, request, context)
        }
    }
}
