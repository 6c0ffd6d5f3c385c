import Core
import Crypto
import Database
import Domain
import HTTP
import SQL
import Store

/// Who may call the storefront's endpoints, and how often: pages of the shop's own origins.
struct EmbedDoor: Sendable {
    private static let perVisitor = ThrottlesTable.Rule(limit: 60, window: .minutes(1))
    private static let perAddress = ThrottlesTable.Rule(limit: 600, window: .minutes(1))

    let host: Host

    /// Runs `handle` for an allowed origin, and tells the browser that its page may read the answer, whether that is
    /// good or a refusal. A foreign origin gets 403 and no such word.
    func admit(_ request: Request, _ context: Context, _ handle: () throws -> Response) throws -> Response {
        let headers = try grants(to: request)
        do {
            try count("embed:address:\(context.clientAddress)", by: Self.perAddress)
            var response = try handle()
            for field in headers.fields { response.headers.add(field.name, field.value) }
            return response
        } catch var refusal as Refusal {
            refusal.headers = headers
            throw refusal
        }
    }

    /// The browser's question whether it may send what needs asking first.
    func preflight(_ request: Request) throws -> Response {
        var headers = try grants(to: request)
        headers["Access-Control-Allow-Methods"] = "GET, POST"
        headers["Access-Control-Allow-Headers"] = "Content-Type, X-Cartwright-Session"
        headers["Access-Control-Max-Age"] = "86400"
        return Response(status: 204, headers: headers)
    }

    func count(_ session: EmbedSession) throws {
        try count("embed:visitor:\(session.visitor)", by: Self.perVisitor)
    }

    /// Whether this is the public key of the site.
    func isSite(_ key: String?) -> Bool {
        guard let key, !key.isEmpty else { return false }
        return ConstantTime.equal(key, host.settings[HostSettings.siteKey])
    }

    private func count(_ key: String, by rule: ThrottlesTable.Rule) throws {
        let now = host.clock.now()
        let verdict = try host.database.write { tx in try ThrottlesTable.take(key, by: rule, now: now, in: tx) }
        if case .wait(let span) = verdict { throw Refusal(429, "Too many calls. Try later.", retryAfter: span) }
    }

    /// A GET from the server's own pages names no origin; whatever changes something has to.
    private func grants(to request: Request) throws -> Headers {
        guard let origin = request.headers["Origin"] else {
            if request.method.isSafe, request.method != .options { return ["Vary": "Origin"] }
            throw Refusal(403, "This is for pages of the shop alone.")
        }
        guard allows(origin, request) else { throw Refusal(403, "This is for pages of the shop alone.") }
        return ["Access-Control-Allow-Origin": origin, "Vary": "Origin"]
    }

    private func allows(_ origin: String, _ request: Request) -> Bool {
        let named = host.settings[HostSettings.embedOrigins]
        let origins = (named.isEmpty ? [host.site.url] : named).compactMap { WebAddress($0)?.origin }
        if origins.contains(origin) { return true }
        // With --demo the shop is at our own address, whichever name the browser has for it.
        guard host.options.demo, let own = request.headers["Host"] else { return false }
        return origin == "http://\(own)" || origin == "https://\(own)"
    }
}
