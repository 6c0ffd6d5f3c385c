import Core
import Crypto
import HTTP
import PluginKit

/// The scripts that the active plugins bring for the pages of the shop: `/embed/<plugin>/<name>.js`. The address that
/// `/embed/config` names carries the script's hash, so that a browser keeps what it has for as long as it stands there.
struct PluginScripts: Sendable {
    struct Served: Sendable {
        let plugin: String
        let script: StorefrontScript

        private var bytes: [UInt8] { Array(script.source.utf8) }
        private var hash: String { Array(SHA256.hash(bytes).prefix(8)).hex }
        private var etag: String { "\"\(hash)\"" }

        /// Below the server's public address.
        var path: String { "/embed/\(plugin)/\(script.name).js?v=\(hash)" }
        /// For the attribute `integrity` (https://www.w3.org/TR/SRI/).
        var integrity: String { "sha256-" + Array(SHA256.hash(bytes)).base64 }

        func response(to request: Request) -> Response {
            var response = Response.bytes(bytes, type: "text/javascript; charset=utf-8")
            response.headers["ETag"] = etag
            // Public, and the same for every page: a shop's page may check what it got.
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            response.headers["Cache-Control"] =
                request.query["v"] == hash ? "public, max-age=31536000, immutable" : "public, no-cache"
            var answer = response.ifNoneMatch(request.headers)
            answer.headers["Access-Control-Allow-Origin"] = "*"
            return answer
        }
    }

    let host: Host

    var all: [Served] {
        host.plugins.active.flatMap { plugin in
            plugin.parts.scripts.map { Served(plugin: plugin.declaration.id, script: $0) }
        }
    }

    var route: Route {
        Route(.get, "/embed/{plugin}/{file}", .public, bodyLimit: 0) { request, context in
            let found = all.first {
                $0.plugin == context.parameters["plugin"] && $0.script.name + ".js" == context.parameters["file"]
            }
            guard let found else { throw Refusal.notFound }
            return found.response(to: request)
        }
    }
}
