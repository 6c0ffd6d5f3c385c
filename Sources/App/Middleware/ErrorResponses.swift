import Core
import Database
import HTTP
import PluginKit
import SQL
import Templating
import Text

/// The only place where errors become responses: a page for people, problem+json for programs.
struct ErrorResponses: Sendable {
    /// The page of an error: what happened, and what to do next.
    struct Model: TemplateModel {
        var requestID: String
        var canGoHome: Bool
        var trouble: DatabaseTrouble?
        /// The database does not answer, and this is a page of the admin.
        var isAway = false

        static let fields: [Field<Self>] = [
            .text("requestID") { $0.requestID }, .flag("signedIn") { $0.canGoHome },
            // What is wrong with the house is its people's alone.
            .flag("full") { $0.canGoHome && $0.trouble == .full },
            .flag("readOnly") { $0.canGoHome && [.readOnly, .failing, .gone].contains($0.trouble) },
            .flag("damaged") { $0.canGoHome && $0.trouble == .damaged },
            // Who is signed in cannot be told while it is away. It gives no name and no address.
            .flag("away") { $0.isAway },
        ]
    }

    private let log: Log
    private let pages: [Int: PreparedPage<Model>]

    init(_ renderer: PageRenderer, log: Log) throws {
        self.log = log
        pages = try Dictionary(
            uniqueKeysWithValues: [403, 404, 422, 500, 503].map { ($0, try renderer.open("errors/\($0)", Model.self)) })
    }

    func response(to error: any Error, _ request: Request, _ context: Context) -> Response {
        var refusal = Self.refusal(for: error)
        if refusal.status == 500 {
            log.error(
                "request failed",
                [
                    "request": .text(context.id), "path": .text(FrontDoor.loggable(request.path)),
                    "error": .error(error),
                ])
        }
        if refusal.status == 503, refusal.retryAfter == nil { refusal.retryAfter = .seconds(2) }
        var response = render(refusal, request, context, error as? DatabaseError)
        for field in refusal.headers.fields { response.headers.add(field.name, field.value) }
        if let after = refusal.retryAfter {
            response.headers["Retry-After"] = String(max(1, (after.milliseconds + 999) / 1000))
        }
        return response
    }

    private static func refusal(for error: any Error) -> Refusal {
        switch error {
        case let refusal as Refusal: refusal
        case is NotFound: .notFound
        case is Turnstile.Full:
            Refusal(503, "Too many passwords are being checked. Try again in a moment.", retryAfter: .seconds(5))
        case let error as DatabaseError where [.contention, .unavailable, .corrupt].contains(error.kind):
            refusal(for: error.trouble)
        default: Refusal(500, "Something went wrong on our side. Tell us the request id.")
        }
    }

    /// A program that sends again after the time that it is told finds the same request welcome once it can be kept.
    private static func refusal(for trouble: DatabaseTrouble?) -> Refusal {
        switch trouble {
        case .full:
            Refusal(
                503, "The server's disk is full, so nothing can be kept. Try again later.", retryAfter: .seconds(10))
        case .readOnly, .failing, .gone:
            Refusal(
                503, "The server's disk takes no changes, so nothing can be kept. Try again later.",
                retryAfter: .seconds(10))
        case .damaged:
            Refusal(
                503, "The database is damaged where this request needs it. The server's owner has to restore it.",
                retryAfter: .seconds(60))
        case .busy, nil:
            Refusal(503, "The database is busy or away. Try again in a moment.", retryAfter: .seconds(2))
        }
    }

    private func render(
        _ refusal: Refusal, _ request: Request, _ context: Context, _ error: DatabaseError?
    ) -> Response {
        if request.path.hasPrefix("/api/") { return Self.problem(refusal, path: request.path, id: context.id) }
        let isForPeople =
            request.path.hasPrefix("/admin") || request.path.hasPrefix("/u/") || request.path.hasPrefix("/shop")
        let known = pages[refusal.status.rawValue] ?? pages[refusal.status.rawValue < 500 ? 422 : 500]
        if isForPeople, let page = known {
            var isSignedIn = false
            if case .user = context.caller { isSignedIn = true }
            let isAway =
                error?.kind == .unavailable && error?.trouble == nil && request.path.hasPrefix("/admin")
            let model = Model(
                requestID: context.id, canGoHome: isSignedIn, trouble: error?.trouble, isAway: isAway)
            if let response = try? page.respond(model, refusal.status.rawValue, request, context) { return response }
        }
        return .text(refusal.detail + "\n", status: refusal.status)
    }

    /// RFC 9457.
    /// - Parameter id: the request's; nil for one that was refused by its head.
    static func problem(_ refusal: Refusal, path: String, id: String?) -> Response {
        let body = JSONWriter.object { json in
            json.field("type", "about:blank")
            json.field("title", refusal.status.reason)
            json.field("status", refusal.status.rawValue)
            json.field("detail", refusal.detail)
            json.field("instance", path)
            json.field("request_id", id)
            if !refusal.errors.isEmpty {
                json.array("errors") { json in
                    for error in refusal.errors {
                        json.object { json in
                            json.field("field", error.field)
                            json.field("code", error.code)
                            json.field("detail", error.detail)
                        }
                    }
                }
            }
        }
        var response = Response.bytes(body, type: "application/problem+json", status: refusal.status)
        response.headers["Cache-Control"] = "no-store"
        return response
    }
}
