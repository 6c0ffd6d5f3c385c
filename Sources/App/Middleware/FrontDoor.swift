import Core
package import HTTP
import Synchronization

/// The way of every request: who asks, may they, is the form ours; then the handler; then what the browser is told.
package final class FrontDoor: Sendable {
    private let host: Host
    private let callers: Callers
    private let proxies: TrustedProxies
    private let errors: ErrorResponses
    private let confirmations: Confirmations
    private let statics: StaticFiles
    private let routes: Mutex<Router>
    private let oversized = OversizedWebhooks()

    init(
        _ host: Host, proxies: TrustedProxies, errors: ErrorResponses, confirmations: Confirmations,
        statics: StaticFiles, routes: Router
    ) {
        self.host = host
        self.proxies = proxies
        self.errors = errors
        self.confirmations = confirmations
        self.statics = statics
        self.routes = Mutex(routes)
        callers = Callers(host)
    }

    /// Puts other routes in place, as plugins come and go.
    package func replaceRoutes(_ router: Router) { routes.withLock { $0 = router } }

    /// Writes down what was counted on the event loops. Called about every second.
    package func writeCounts() throws { try oversized.write(to: host.database, at: host.clock.now()) }

    package var dispatch: Dispatch {
        Dispatch(
            plan: { [self] head in plan(head) },
            respond: { [self] route, request, context in try respond(route, request, context) },
            failure: { [self] error, request, context in
                finish(errors.response(to: error, request, context), request, context)
            },
            refusal: { refusal, target in Self.response(to: refusal, target) })
    }

    private func plan(_ head: RequestHead) -> Dispatch.Plan {
        if let response = statics.response(to: head) { return .answer(response) }
        let router = routes.withLock { $0 }
        switch router.match(head.method, head.target) {
        case .found(let route, let parameters):
            oversized.look(at: head, for: route)
            if let refusal = Self.tooLong(head, for: route) { return .answer(refusal) }
            return .run(route, parameters: parameters)
        case .wrongMethod, .unknown:
            // Through a worker, so that people get a page and programs a problem document.
            return .run(Self.nowhere(router.match(head.method, head.target)), parameters: [:])
        }
    }

    /// What the server does not take, said to programs in the way of the API.
    private static func response(to refusal: RequestRefusal, _ target: String?) -> Response {
        guard let target, target.hasPrefix("/api/") else {
            return .text(refusal.reason + "\n", status: refusal.status)
        }
        let path = String(target.prefix { $0 != "?" }.prefix(500))
        return ErrorResponses.problem(
            Refusal(refusal.status, "The request cannot be taken: \(refusal.reason)."), path: path, id: nil)
    }

    /// The server would refuse it by itself, but programs are to get a problem document.
    private static func tooLong(_ head: RequestHead, for route: Route) -> Response? {
        guard head.target.path.hasPrefix("/api/"), case .length(let length) = head.framing, length > route.bodyLimit
        else { return nil }
        let refusal = Refusal(413, "The body may have \(route.bodyLimit) bytes at most.")
        return ErrorResponses.problem(refusal, path: head.target.path, id: nil)
    }

    /// A body on its way to nowhere is read up to a size: with none allowed, 413 would hide what is wrong.
    private static func nowhere(_ match: Router.Match) -> Route {
        Route(.get, "/", .public, bodyLimit: 64 << 10) { request, _ in
            guard case .wrongMethod(let allow) = match else { throw Refusal.notFound }
            let answersOptions = request.path.hasPrefix("/api/")
            let methods = allow.map(\.rawValue) + (answersOptions ? [Method.options.rawValue] : [])
            let headers: Headers = ["Allow": methods.sorted().joined(separator: ", ")]
            if answersOptions, request.method == .options { return Response(status: 204, headers: headers) }
            var refusal = Refusal(405, "This address takes \(methods.sorted().joined(separator: ", ")).")
            refusal.headers = headers
            throw refusal
        }
    }

    private func respond(_ route: Route, _ request: Request, _ context: Context) throws -> Response {
        var (request, context) = (request, context)
        let isBelieved = proxies.resolve(request, &context)
        host.doorstep.saw(request, context, isBelieved: isBelieved, at: host.clock.now())
        if context.isSecure { CookiePrefix.take(&request) }
        let response: Response
        do {
            response = try admit(route, request, &context)
        } catch {
            response = errors.response(to: error, request, context)
        }
        return finish(response, request, context)
    }

    private func admit(_ route: Route, _ request: Request, _ context: inout Context) throws -> Response {
        guard !Self.holdsNUL(request) else { throw Refusal(400, "A field holds a NUL character.") }
        try refuseIfMoved(request)
        if request.path.hasPrefix("/api/") { return try admitClient(route, request, &context) }
        let isForm = request.path.hasPrefix("/admin") || request.path.hasPrefix("/shop")
        guard isForm else {
            guard route.access == .public else { throw Refusal.notFound }
            return try route.handler(request, context)
        }
        return try admitPerson(route, request, &context)
    }

    /// What is told here belongs to where the work goes on: kept here, nobody would ever look at it.
    private func refuseIfMoved(_ request: Request) throws {
        guard host.instance.hasMoved, !request.path.hasPrefix("/admin"), ![.get, .head].contains(request.method)
        else { return }
        throw Refusal(
            503, "This shop has moved to another database, and this server keeps nothing more. Try again later.",
            retryAfter: .minutes(1))
    }

    /// No database keeps such a text, so no page could answer it.
    private static func holdsNUL(_ request: Request) -> Bool {
        (request.query.pairs + request.form.pairs).contains { $0.name.utf8.contains(0) || $0.value.utf8.contains(0) }
    }

    private func admitPerson(_ route: Route, _ request: Request, _ context: inout Context) throws -> Response {
        let person = try callers.person(request)
        (context.caller, context.csrf, context.isConfirmed) = (person.caller, person.csrf, person.isConfirmed)
        var visitor: SetCookie?
        if context.caller == .nobody {
            (context.csrf, visitor) = FormGuard.visitor(request, isSecure: context.isSecure)
        }
        guard route.access.permits(context.caller) else {
            if context.caller == .nobody { return Self.signIn(request) }
            throw Refusal(403, "Your role does not allow this.")
        }
        if request.method == .post, !FormGuard.allows(request, expected: context.csrf) {
            throw Refusal(403, "This form has expired. Go back, reload the page and send it again.")
        }
        var response = try confirmations.respond(route, request, context)
        if let visitor { response.set(visitor) }
        return response
    }

    private func admitClient(_ route: Route, _ request: Request, _ context: inout Context) throws -> Response {
        if route.access == .public { return try route.handler(request, context) }
        guard let caller = try callers.client(request) else {
            throw Self.unauthorised("The API key is unknown or revoked.")
        }
        guard caller != .nobody else { throw Self.unauthorised("Send an API key: Authorization: Bearer cw_…") }
        context.caller = caller
        guard route.access.permits(caller) else { throw Refusal(403, "The API key's scope does not reach this.") }
        var response = try route.handler(request, context)
        // Nobody in between keeps what was only for this key.
        if response.headers["Cache-Control"] == nil { response.headers["Cache-Control"] = "no-store" }
        return response
    }

    /// RFC 9110, 15.5.2: 401 says how to ask for admission.
    private static func unauthorised(_ detail: String) -> Refusal {
        var refusal = Refusal(401, detail)
        refusal.headers["WWW-Authenticate"] = "Bearer"
        return refusal
    }

    /// To the sign-in page, and back afterwards.
    private static func signIn(_ request: Request) -> Response {
        let next = request.method == .get ? request.rawTarget : "/admin"
        return .redirect(to: "/admin/login?next=" + URLEncoding.encode(next))
    }

    private func finish(_ response: Response, _ request: Request, _ context: Context) -> Response {
        var response = response
        SecurityHeaders.add(to: &response, isSecure: context.isSecure)
        if context.isSecure { CookiePrefix.put(on: &response) }
        response.headers["X-Request-Id"] = context.id
        let took = host.clock.now() - context.receivedAt
        host.requestTimes.observe(took)
        if host.options.logRequests {
            host.log.info(
                "request",
                [
                    "request": .text(context.id), "method": .text(request.method.rawValue),
                    "path": .text(Self.loggable(request.path)), "status": .init(response.status.rawValue),
                    "ms": .number(took.milliseconds),
                ])
        }
        return response
    }

    /// Tokens in addresses are secrets.
    static func loggable(_ path: String) -> String {
        for prefix in ["/u/", "/r/", "/embed/restore/"] where path.hasPrefix(prefix) { return prefix + "…" }
        return path
    }
}
