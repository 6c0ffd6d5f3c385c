package import HTTP
package import Text

/// What the shop said to a request that it accepted.
package struct ShopAnswer: Sendable {
    package let status: Int
    package let json: JSON
    package let headers: Headers

    /// How many there are in all, and on how many pages: only lists say so.
    package var total: Int? { headers["X-WP-Total"].flatMap { Int($0) } }
    package var pages: Int? { headers["X-WP-TotalPages"].flatMap { Int($0) } }

    /// - Throws: what the shop refused, or why its answer cannot be read.
    init(_ response: OutboundResponse, host: String) throws(ShopError) {
        status = response.status
        headers = response.headers
        switch response.status {
        case 300...399:
            let target = response.headers["Location"] ?? ""
            throw ShopError(.moved(to: target), host: host, detail: "redirects to another address")
        case 429:
            throw ShopError(
                .busy, host: host, detail: "answers 429, too many requests",
                retryAfter: response.headers["Retry-After"])
        default: break
        }
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: response.body, name: "answer")
        } catch {
            throw Self.withoutJSON(response, error, host: host)
        }
        guard (200...299).contains(response.status) else { throw Self.refusal(response, json, host: host) }
        self.json = json
    }

    /// Firewalls, caches and broken plugins answer in the shop's place, or write before it.
    private static func withoutJSON(_ response: OutboundResponse, _ error: JSONError, host: String) -> ShopError {
        let status = response.status
        let what = LookedLike(response.body).rawValue
        let kind: ShopError.Kind =
            switch status {
            case 401: .refusedKeys(code: "")
            case 403, 406: .forbidden
            case 404, 405, 410: .notWooCommerce
            case 500...599: .server(status: status)
            default: .unreadable
            }
        return ShopError(
            kind, host: host, detail: "answer \(status) is \(what)", retryAfter: response.headers["Retry-After"])
    }

    /// WordPress says what is wrong in `code` and `message`, the latter in the shop's own language.
    private static func refusal(_ response: OutboundResponse, _ json: JSON, host: String) -> ShopError {
        let status = response.status
        let code = String((json["code"].string ?? "").prefix(100))
        let message = String(HTMLEntities.decoded(json["message"].string ?? "").prefix(300))
        let kind: ShopError.Kind =
            switch status {
            case 401: .refusedKeys(code: code.isEmpty ? "unknown" : code)
            case 403: .forbidden
            case 404 where code == "rest_no_route": .notWooCommerce
            case 404, 410: .notFound
            case 500...599: .server(status: status)
            default: .refused(code: code, message: message, status: status)
            }
        return ShopError(
            kind, host: host, detail: message.isEmpty ? "answers \(status) \(code)" : message,
            retryAfter: response.headers["Retry-After"])
    }

    /// What stands where JSON should be.
    private enum LookedLike: String {
        case nothing = "empty"
        case page = "a web page"
        case marked = "JSON behind a byte order mark; a file of a plugin or theme of the shop begins with one"
        case noticed = "JSON behind a message of PHP; switch WP_DEBUG_DISPLAY off in the shop"
        case other = "not JSON"

        /// With PHP's `html_errors` and without.
        private static let messages = ["notice", "warning", "deprecated", "fatal error"].flatMap {
            ["\($0):", "<b>\($0)</b>:"]
        }

        init(_ body: [UInt8]) {
            let start = body.prefix(512).drop { $0 <= 32 }
            let text = String(decoding: start, as: UTF8.self).lowercased()
            if start.isEmpty {
                self = .nothing
            } else if body.starts(with: [0xEF, 0xBB, 0xBF]) {
                self = .marked
            } else if text.hasPrefix("<!doctype") || text.hasPrefix("<html") {
                self = .page
            } else if Self.messages.contains(where: text.contains) {
                self = .noticed
            } else {
                self = text.hasPrefix("<") ? .page : .other
            }
        }
    }
}
