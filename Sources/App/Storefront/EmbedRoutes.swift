import Core
import Crypto
import Database
import Domain
import HTTP
import Text

/// The endpoints of the storefront's script. What they answer never tells whether a phone is
/// known.
struct EmbedRoutes: Sendable {
    private static let bodyLimit = 64 << 10

    private let host: Host
    private let door: EmbedDoor
    private let scripts: PluginScripts

    init(_ host: Host) {
        self.host = host
        door = EmbedDoor(host: host)
        scripts = PluginScripts(host: host)
    }

    var all: [Route] {
        [
            Route(.get, "/embed/config", .public, bodyLimit: 0, handler: config),
            scripts.route,
            Route(.post, "/embed/session", .public, bodyLimit: Self.bodyLimit, handler: session),
            Route(.post, "/embed/consent", .public, bodyLimit: Self.bodyLimit, handler: consent),
        ]
            + ["/embed/config", "/embed/session", "/embed/consent"].map { path in
                Route(.options, path, .public, bodyLimit: 0) { [door] request, _ in try door.preflight(request) }
            }
    }

    /// What the script needs to draw the consent box in the page's language.
    private func config(_ request: Request, _ context: Context) throws -> Response {
        try door.admit(request, context) {
            guard door.isSite(request.query["site"]) else { throw Refusal(404, "There is no such site.") }
            let site = host.site
            let wording = ConsentWording(host, language: request.query["language"])
            var response = Response.json(
                JSONWriter.object { json in
                    json.field("name", site.name)
                    json.field("country", site.country)
                    json.field("currency", site.currency)
                    json.array("scripts") { json in
                        for script in scripts.all {
                            json.object { json in
                                json.field("url", site.publicURL + script.path)
                                json.field("integrity", script.integrity)
                            }
                        }
                    }
                    json.object("wording") { json in
                        json.field("version", wording.version)
                        json.field("language", wording.language)
                        json.array("choices") { json in
                            for (purpose, text) in wording.texts {
                                json.object { json in
                                    json.field("purpose", purpose.rawValue)
                                    json.field("text", text)
                                }
                            }
                        }
                    }
                })
            response.headers["Cache-Control"] = "max-age=60"
            return response
        }
    }

    private func session(_ request: Request, _ context: Context) throws -> Response {
        try door.admit(request, context) {
            let json = try Self.body(request)
            guard door.isSite(json["site"].string) else { throw Refusal(404, "There is no such site.") }
            let session = EmbedSession(at: host.clock.now())
            return Self.json(200) { json in
                json.field("token", session.token(keys: host.keys))
                json.field("expires_in", Int(EmbedSession.life.milliseconds / 1000))
            }
        }
    }

    private func consent(_ request: Request, _ context: Context) throws -> Response {
        try door.admit(request, context) {
            let json = try Self.body(request)
            try door.count(session(of: request, json))
            let form = try EmbedConsentForm(json, host: host)
            try EmbedConsents(host: host).take(form, request, context)
            return Self.json(202) { _ in }
        }
    }

    /// The session's visitor. A page that is being left can only send a beacon, which carries no header: then the
    /// token stands in the body.
    private func session(of request: Request, _ json: JSON) throws -> EmbedSession {
        let token = request.headers["X-Cartwright-Session"] ?? json["session"].string ?? ""
        guard let session = EmbedSession(token: token, keys: host.keys, now: host.clock.now()) else {
            throw Refusal(401, "The session is missing or over. Ask /embed/session for one.")
        }
        return session
    }

    /// Beacons are `text/plain`, so that browsers send them without asking first.
    private static func body(_ request: Request) throws -> JSON {
        guard ["application/json", "text/plain"].contains(request.contentType) else {
            throw Refusal(415, "Send application/json.")
        }
        do throws(JSONError) {
            return try JSON(parsing: request.body)
        } catch {
            throw Refusal(400, "The body is not JSON: \(error.message).")
        }
    }

    private static func json(_ status: Status, _ fields: (inout JSONWriter) -> Void) -> Response {
        var response = Response.json(JSONWriter.object(fields), status: status)
        response.headers["Cache-Control"] = "no-store"
        return response
    }
}
