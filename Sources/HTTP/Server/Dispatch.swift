/// What the program around the server decides for each request.
package struct Dispatch: Sendable {
    package enum Plan: Sendable {
        /// Answered at once on the event loop: for what is already in memory. Must not block.
        case answer(Response)
        /// Handed to a worker when the body is there.
        case run(Route, parameters: [String: String])
    }

    /// Called on the event loop as soon as the head is read, before the body. Must not block.
    package var plan: @Sendable (RequestHead) -> Plan
    /// Called on a worker: the middleware around the route's handler.
    package var respond: @Sendable (Route, Request, Context) throws -> Response
    /// Called on a worker with what `respond`, or a response's producer, threw; logs it and makes the answer.
    package var failure: @Sendable (any Error, Request, Context) -> Response
    /// Called on the event loop for what the server itself does not take, with the target as far as it could be read.
    /// Must not block.
    package var refusal: @Sendable (RequestRefusal, _ target: String?) -> Response

    package init(
        plan: @escaping @Sendable (RequestHead) -> Plan,
        respond: @escaping @Sendable (Route, Request, Context) throws -> Response = { try $0.handler($1, $2) },
        failure: @escaping @Sendable (any Error, Request, Context) -> Response,
        refusal: @escaping @Sendable (RequestRefusal, _ target: String?) -> Response = { refusal, _ in
            .text(refusal.reason + "\n", status: refusal.status)
        }
    ) {
        self.plan = plan
        self.respond = respond
        self.failure = failure
        self.refusal = refusal
    }
}

extension Router {
    /// The plan for a request: its route, or a plain 404 or 405.
    package func plan(_ head: RequestHead) -> Dispatch.Plan {
        switch match(head.method, head.target) {
        case .found(let route, let parameters): return .run(route, parameters: parameters)
        case .unknown: return .answer(.text("Not Found\n", status: 404))
        case .wrongMethod(let allow):
            var response = Response.text("Method Not Allowed\n", status: 405)
            response.headers["Allow"] = allow.map(\.rawValue).joined(separator: ", ")
            return .answer(response)
        }
    }
}
