import Core
import Domain
import HTTP
import SQL
import Store

/// Under which intent key a message of an API client stands in the ledger: there it is planned once.
///
/// `api:<Idempotency-Key>` belongs to the API key that used it first. Two clients that count from 1 are two clients:
/// another one's message stands under `api:<Idempotency-Key>·<its id>`. The dot cannot be part of an Idempotency-Key,
/// which is ASCII.
struct APIIntent: Sendable {
    private let name: String
    private let token: ID?

    init(_ request: Request, _ context: Context, at now: Timestamp) {
        name = "api:" + (request.headers["Idempotency-Key"] ?? ID.make(at: now).description)
        if case .token(let id, _, _) = context.caller { token = id } else { token = nil }
    }

    /// A test message, which nobody asks for twice.
    init(testBy context: Context, at now: Timestamp) {
        name = "test:\(ID.make(at: now))"
        if case .token(let id, _, _) = context.caller { token = id } else { token = nil }
    }

    var source: MessageSource { MessageSource(kind: .api, id: token) }

    func key(in tx: any ReadTransaction) throws -> String {
        guard let token, let known = try MessagesTable.find(intentKey: name, in: tx) else { return name }
        // What was sent again stands under its forerunner's key and `#2`, which may be another client's word.
        let isOwn = known.source == source && known.forerunner == nil
        return isOwn ? name : "\(name)·\(token)"
    }
}
