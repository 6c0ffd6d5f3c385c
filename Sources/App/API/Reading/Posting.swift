import Core
import Crypto
import Database
import HTTP
import SQL
import Store
import Text

/// What a call answers when it went well; small enough to be kept for a repeat.
struct APIAnswer: Sendable {
    let status: Status
    let location: String?
    let body: [UInt8]

    init(_ status: Status, location: String? = nil, body: [UInt8]) {
        self.status = status
        self.location = location
        self.body = body
    }

    var response: Response {
        var response = Response.json(body, status: status)
        response.headers["Location"] = location
        return response
    }
}

/// The way of every POST: with an `Idempotency-Key` the same call gets its first answer again, and has its effect
/// once. The answer is kept in the transaction of the effect.
struct Posting: Sendable {
    /// Does it in the transaction given. A refusal that comes back has changed nothing.
    typealias Effect = @Sendable (any WriteTransaction) throws -> Result<APIAnswer, Refusal>

    private static let running = Refusal(409, "A call with this Idempotency-Key is still running.")

    let host: Host

    /// - Parameter prepare: reads the call, outside of any transaction.
    func respond(_ request: Request, _ context: Context, _ prepare: () throws -> Effect) throws -> Response {
        guard let key = try key(of: request, context) else {
            let effect = try prepare()
            return try host.database.write { tx in try effect(tx) }.get().response
        }
        let now = host.clock.now()
        let hash = SHA256.hash(request.body)
        let start = try host.database.write { tx in
            try IdempotencyTable.begin(key, requestHash: hash, at: now, in: tx)
        }
        switch start {
        case .goOn: return try run(prepare, under: key, begunAt: now).response
        case .replay(let kept):
            var response = Response.json(kept.body, status: Status(rawValue: kept.status))
            for (name, value) in kept.headers { response.headers[name] = value }
            response.headers["Idempotent-Replayed"] = "true"
            return response
        case .running: throw Self.running
        case .mismatch:
            throw Refusal.invalid("Idempotency-Key", "mismatch", "This key was used with another body.")
        }
    }

    /// A call that fails has had no effect, so its key may be tried again.
    private func run(
        _ prepare: () throws -> Effect, under key: IdempotencyTable.Key, begunAt start: Timestamp
    ) throws -> APIAnswer {
        let result: Result<APIAnswer, Refusal>
        do {
            let effect = try prepare()
            result = try host.database.write { tx in
                let result = try effect(tx)
                if case .success(let answer) = result {
                    let headers = answer.location.map { ["Location": $0] } ?? [:]
                    let kept = IdempotencyTable.Answer(
                        status: answer.status.rawValue, headers: headers, body: answer.body)
                    // This node stood still, and another does the call: nothing of this one stays.
                    guard try IdempotencyTable.finish(key, begunAt: start, with: kept, in: tx) else {
                        throw Self.running
                    }
                } else {
                    try IdempotencyTable.abandon(key, begunAt: start, in: tx)
                }
                return result
            }
        } catch {
            try host.database.write { tx in try IdempotencyTable.abandon(key, begunAt: start, in: tx) }
            throw error
        }
        return try result.get()
    }

    private func key(of request: Request, _ context: Context) throws -> IdempotencyTable.Key? {
        guard let text = request.headers["Idempotency-Key"] else { return nil }
        guard case .token(let token, _, _) = context.caller else { return nil }
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw Refusal(400, "An Idempotency-Key has 1 to 255 printable characters.")
        }
        return IdempotencyTable.Key(token: token, path: request.path, key: text)
    }
}

extension Context {
    /// How the audit log and the record of consents name an API client.
    var actor: String {
        switch caller {
        case .token(_, let name, _): "token:\(name)"
        case .user(_, let email, _, _): email
        case .nobody: "nobody"
        }
    }

    /// The id in the path; what cannot be one leads nowhere.
    func id(_ name: String = "id") throws -> ID {
        guard let id = parameters[name].flatMap({ ID($0) }) else { throw Refusal.notFound }
        return id
    }
}
